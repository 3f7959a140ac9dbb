// What another tool's file holds, and what hearth could make of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/session.hpp"
#include "core/time.hpp"
#include "hearth/secret.hpp"
#include "json/view.hpp"

namespace hearth::importing {

enum class Tool : std::uint8_t { ant, aws, gcloud, gh, oidc_agent };
inline constexpr std::size_t tools = 5;
// As it is called on the command line.
std::string_view to_string(Tool tool) noexcept;
std::optional<Tool> tool_called(std::string_view word) noexcept;

// What a profile and its session are made of.
struct Offer {
    std::string provider;
    std::vector<std::pair<std::string, std::string>> settings;  // Of the profile.
    std::optional<Secret> key;  // An API key; there is nothing of the rest then.
    std::optional<Secret> access_token;
    std::optional<Secret> refresh_token;
    std::optional<Secret> client_secret;
    std::string scopes;  // Separated by spaces.
    Account account;
};

// One thing that was found. Its texts are as the file has them: anything may stand in them but a
// secret.
struct Finding {
    Tool tool{};
    std::string path;
    std::string what;     // "a sign-in", "an API key"
    std::string account;  // Whose it is; empty where the file does not say.
    std::string server;   // Who issued it; may be empty.
    std::optional<Instant> expires_at;
    std::string name;  // Of the profile that it would become.
    std::optional<Offer> offer;
    std::string obstacle;  // Why hearth cannot hold it; empty with an offer.
    std::string hint;
    // How a person makes the tool forget it, where both would renew with one refresh token.
    std::string release;
    std::vector<std::string> warnings;
};

// The same finding, with nothing to import.
Finding refused(Finding finding, std::string_view obstacle, std::string_view hint = {});

// The text as a profile's name, or the other one where it cannot be one.
std::string profile_name(std::string_view text, std::string_view otherwise);
// The member's text, where it is short enough to be shown.
std::string shown(const json::View& object, std::string_view member);
// Whole seconds since 1970; absent for what cannot be one.
std::optional<Instant> from_unix_seconds(std::optional<std::int64_t> seconds);
// A string that is not empty.
std::optional<Secret> secret_in(const json::View& object, std::string_view member);

}  // namespace hearth::importing
