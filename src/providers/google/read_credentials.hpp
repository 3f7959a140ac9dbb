// The parts that reading a credential file is made of; for this folder alone.
#pragma once

#include "hearth/error.hpp"
#include "providers/google/credentials.hpp"
#include "providers/google/file_members.hpp"

namespace hearth::providers::google {

// Why this text is no credential file of any type, as far as it shows: what people take for one.
Error not_a_credential_file(std::string_view text, const FileRules& rules);

Result<ExternalAccount> read_external_account(const FileMembers& file,
                                              const std::string& universe_domain);
// The service account that the URL of that member becomes.
Result<Impersonation> read_impersonation(const FileMembers& file, std::string_view member);

}  // namespace hearth::providers::google
