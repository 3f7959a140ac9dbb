#include "providers/claude/console.hpp"

#include <string_view>

namespace hearth::providers::claude {
namespace {

std::string base(const std::string& own, std::string_view usual) {
    std::string url(own.empty() ? usual : std::string_view(own));
    while (url.ends_with('/')) url.pop_back();
    return url;
}

std::string either(const std::string& own, const std::string& usual) {
    return own.empty() ? usual : own;
}

}  // namespace

Console Console::of(const Profile& profile) {
    const auto console = base(profile.claude->console_url, "https://platform.claude.com");
    const auto api = base(profile.claude->base_url, "https://api.anthropic.com");
    return {
        .authorization = either(profile.endpoints->authorization, console + "/oauth/authorize"),
        .token = either(profile.endpoints->token, api + "/v1/oauth/token"),
        .manual_redirect_uri =
            either(profile.manual_redirect_uri, console + "/oauth/code/callback"),
        .account_profile = either(profile.claude->profile_url, api + "/api/oauth/profile"),
        .models = api + "/v1/models?limit=1",
    };
}

}  // namespace hearth::providers::claude
