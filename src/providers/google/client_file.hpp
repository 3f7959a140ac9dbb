#pragma once

#include <string>
#include <string_view>

#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::providers::google {

// The OAuth client of a desktop application, as Google's console writes it into a file.
struct ClientFile {
    std::string client_id;
    Secret client_secret;  // Not confidential, and wanted all the same; may be empty.
};

// Remedy::usage, naming the file, for what is none or is of another kind of application.
Result<ClientFile> read_client_file(std::string_view text, const std::string& place);

}  // namespace hearth::providers::google
