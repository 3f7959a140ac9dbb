#include "providers/claude/api_key.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace hearth::providers::claude {
namespace {

constexpr std::string_view key_prefix = "sk-ant-api";

struct Look {
    std::string_view prefix;
    std::string_view what;
    bool with_token;  // hearth keeps it as what it is.
};
// What begins like another comes after it.
constexpr std::array looks{
    Look{"sk-ant-admin", "an Admin API key, which the models do not answer to", true},
    Look{"sk-ant-oat", "an OAuth access token", true},
    Look{"sk-ant-ort", "a refresh token, which is good for nobody but whom it was issued to",
         false},
    Look{"sk-ant-cc-", "the token of a hosted session", false},
    Look{"sk-ant-si-", "the token of a hosted session", false},
    Look{"sk-ant-", "a credential of Anthropic's that is no API key", false},
    Look{"sk-", "an API key of another provider", false},
    Look{"eyJ", "a JSON web token", false},
    Look{"Bearer", "a whole header", false},
};

}  // namespace

Result<> check_api_key(const std::string& profile, const Secret& key) {
    const auto text = key.reveal();
    const bool sendable = std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
    if (sendable && text.starts_with(key_prefix) && text.size() > key_prefix.size()) return {};
    const auto* const look = std::ranges::find_if(
        looks, [text](const Look& one) { return text.starts_with(one.prefix); });
    const bool known = look != looks.end();
    return std::unexpected(Error{Remedy::usage,
                                 "profile '" + profile + "' was given " +
                                     (known ? "what looks like " + std::string(look->what)
                                            : "something that is no Claude API key"),
                                 known && look->with_token
                                     ? "hearth login " + profile + " --with-token keeps it"
                                     : "API keys of the Claude Console begin with sk-ant-api"});
}

}  // namespace hearth::providers::claude
