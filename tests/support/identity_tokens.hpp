// Identity tokens as platforms issue them, and where a test puts them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "providers/claude/identity_material.hpp"
#include "signing/base64.hpp"

namespace hearth::testing {

// With a signature that nobody made: whoever verifies it is not in the test.
inline std::string identity_token_of(std::string_view claims,
                                     std::string_view header = R"({"alg":"ES256","kid":"key"})") {
    return signing::base64url(header) + "." + signing::base64url(claims) + "." +
           signing::base64url(std::string(64, 's'));
}

class FakeIdentity : public providers::claude::IdentityMaterial {
  public:
    std::map<std::string, std::string> files;
    std::map<std::pair<std::string, std::string>, std::string> variables;  // By profile and name.

    Result<Secret> file(const std::string& path, std::size_t /*limit*/) override {
        const auto found = files.find(path);
        if (found == files.end())
            return std::unexpected(Error{Remedy::failed, path + " is not there", "put it there"});
        return Secret(found->second);
    }
    std::optional<Secret> variable(const ProfileName& profile, std::string_view name) override {
        const auto found = variables.find({profile.text(), std::string(name)});
        return found == variables.end() ? std::nullopt : std::optional(Secret(found->second));
    }
};

}  // namespace hearth::testing
