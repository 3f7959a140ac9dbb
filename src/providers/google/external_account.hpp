// Tokens by workload and workforce identity federation.
#pragma once

#include <stop_token>
#include <string>

#include "providers/google/credentials.hpp"
#include "providers/google/outside.hpp"
#include "providers/google/token.hpp"

namespace hearth::providers::google {

// Gets the subject token where the file says, exchanges it (RFC 8693), and impersonates where the
// file says so. `place` is the file, for errors.
TokenResult external_account_token(const ExternalAccount& account, const Wanted& wanted,
                                   const std::string& place, const Outside& outside,
                                   const std::stop_token& stop);

// The same with a subject token that is at hand: a JWT of an identity provider.
TokenResult exchanged_token(const ExternalAccount& account, const Secret& subject_token,
                            const Wanted& wanted, const Outside& outside,
                            const std::stop_token& stop);
// With keys of AWS that are at hand; `region` is where they are asked about.
TokenResult exchanged_aws_token(const ExternalAccount& account, const AwsKeys& keys,
                                const std::string& region, const Wanted& wanted,
                                const Outside& outside, const std::stop_token& stop);

// The command of a file's credential source, and what it is given (Google's names).
struct SubjectCommand {
    std::string command;
    Span timeout{};
    std::vector<std::pair<std::string, std::string>> variables;
};
// Absent where the source is another one.
std::optional<SubjectCommand> subject_command(const ExternalAccount& account);

}  // namespace hearth::providers::google
