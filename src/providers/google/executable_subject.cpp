#include "providers/google/executable_subject.hpp"

#include <utility>

#include "providers/google/executable_document.hpp"
#include "providers/google/external_account.hpp"
#include "providers/google/impersonation.hpp"
#include "providers/google/token_failures.hpp"

namespace hearth::providers::google {
namespace {

constexpr std::string_view permission = "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES";

bool allowed(const Outside& outside) {
    return outside.allow_executables || outside.material.variable(permission) == "1";
}

bool good(const ExecutableDocument& document, Instant now) {
    return document.success() && (!document.expires_at || now < *document.expires_at);
}

// A file that is none yet, or no longer good, is what the command is run for.
std::optional<Secret> in_output_file(const ExecutableSource& source, const Outside& outside) {
    if (source.output_file.empty()) return {};
    const auto content =
        outside.material.file(source.output_file, longest_subject).value_or(std::nullopt);
    if (!content) return {};
    auto document = read_executable_document(content->reveal(), source.output_file);
    // Without a time it would be used for good.
    if (!document || !document->expires_at || !good(*document, outside.clock.now().wall)) return {};
    return std::move(document->subject_token);
}

SubjectResult needs_program(const std::string& place, std::string_view what) {
    return std::unexpected(TokenFailure{
        .kind = TokenFailure::Kind::needs_program,
        .error = {Remedy::failed,
                  "the command that credential_source of " + place + " names " + std::string(what),
                  "ask with the hearth command, which runs it: hearth token"},
        .retry_after = {},
        .server_skew = {}});
}

}  // namespace

SubjectResult subject_of_executable(const ExecutableSource& source, const std::string& place,
                                    const Outside& outside) {
    if (!allowed(outside))
        return not_asked({Remedy::refused,
                          "the subject token of " + place +
                              " comes from a command, and nobody has allowed that it is run",
                          "where you trust the file, set executables = \"allow\" in the profile"});
    if (auto token = in_output_file(source, outside)) return *std::move(token);
    if (!outside.printed) return needs_program(place, "has to be run");
    auto document =
        read_executable_document(outside.printed->reveal(),
                                 "what the command in credential_source of " + place + " printed");
    if (!document) return not_asked(std::move(document).error());
    if (!document->success())
        return not_asked(
            {Remedy::failed,
             "the command in credential_source of " + place + " has no token: " + document->reason,
             "the command's own documentation says what that means"});
    if (!good(*document, outside.clock.now().wall))
        return needs_program(place, "has to be run again: what it printed has expired");
    return std::move(document->subject_token);
}

std::optional<SubjectCommand> subject_command(const ExternalAccount& account) {
    const auto* const source = std::get_if<ExecutableSource>(&account.source);
    if (source == nullptr) return std::nullopt;
    SubjectCommand command{
        .command = source->command,
        .timeout = source->timeout,
        .variables = {{"GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE", account.audience},
                      {"GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE", account.subject_token_type},
                      {"GOOGLE_EXTERNAL_ACCOUNT_INTERACTIVE", "0"},
                      {"GOOGLE_EXTERNAL_ACCOUNT_REVOKE", "0"}}};
    if (account.impersonation)
        command.variables.emplace_back("GOOGLE_EXTERNAL_ACCOUNT_IMPERSONATED_EMAIL",
                                       email_in(account.impersonation->url));
    if (!source->output_file.empty())
        command.variables.emplace_back("GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE", source->output_file);
    return command;
}

}  // namespace hearth::providers::google
