// --bare: a credential is what this process was given by a variable or a descriptor, and nothing
// else. No file is read, and no agent, keychain or helper is asked.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/invocation.hpp"
#include "cli/own_credential.hpp"
#include "core/name.hpp"
#include "hearth/credential.hpp"
#include "hearth/error.hpp"
#include "sources/resolution.hpp"

namespace hearth::cli {

inline constexpr Option bare_option{
    "--bare", "", "only what this process was given: reads no file, asks no agent or keychain"};
inline constexpr Option bare_provider_option{
    "--provider", "P", "with --bare: oidc or claude, where the profile is not named so"};

// What is asked for by --bare.
struct Bare {
    ProfileName profile;
    std::string provider;
};
// Absent without --bare. Remedy::usage when nothing says which provider it is, or when --provider
// stands alone.
Result<std::optional<Bare>> bare_in(const Arguments& arguments, const ProfileName& profile);

// Every source of the provider, in order; those that --bare does not look at are not found.
std::vector<sources::Step> bare_steps(const Bare& bare, const Invocation& invocation);
// Remedy::sign_in, naming what was looked at, when none of it was given. Can be asked once.
Result<OwnCredential> bare_credential(const Bare& bare, const Invocation& invocation);
// The header lines with it.
Result<std::vector<Header>> bare_headers(const Bare& bare, const Invocation& invocation,
                                         const std::string& method, const std::string& url);

}  // namespace hearth::cli
