#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/time.hpp"
#include "hearth/error.hpp"
#include "hearth/secret.hpp"

namespace hearth::providers::google {

// What the command of a credential source prints (version 1 of its format), and writes into its
// output file.
struct ExecutableDocument {
    Secret subject_token;               // Empty where the command has none.
    std::optional<Instant> expires_at;  // Absent where it does not say.
    // "code: message" of a command that has none, fit to be shown.
    std::string reason;

    [[nodiscard]] bool success() const noexcept { return !subject_token.empty(); }
};

// Remedy::failed, beginning with `where` and quoting none of the text, for what is no such
// document, or one of another version.
Result<ExecutableDocument> read_executable_document(std::string_view text,
                                                    const std::string& where);

}  // namespace hearth::providers::google
