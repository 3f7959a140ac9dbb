#include "sandbox/scopes.hpp"

#include "sandbox/google.hpp"
#include "sandbox/parameters.hpp"

namespace hearth::sandbox {

const std::vector<std::string>& supported_scopes() {
    static const std::vector<std::string> scopes = {"openid",
                                                    "profile",
                                                    "email",
                                                    "offline_access",
                                                    "user:profile",
                                                    "user:inference",
                                                    "user:developer",
                                                    std::string(google_cloud_scope),
                                                    std::string(google_email_scope)};
    return scopes;
}

std::string_view explained(std::string_view scope) {
    if (scope == "openid") return "Know who you are";
    if (scope == "profile") return "See your name";
    if (scope == "email") return "See your e-mail address";
    if (scope == "offline_access") return "Stay signed in when you are away";
    if (scope == "user:profile") return "See your account and your organization";
    if (scope == "user:inference") return "Send messages to models on your behalf";
    if (scope == "user:developer") return "Use the developer API on your behalf";
    if (scope == google_cloud_scope) return "See and change your data in Google Cloud";
    if (scope == google_email_scope) return "See your e-mail address";
    if (scope == aws_scope) return "See your AWS accounts and roles, and act in them";
    return scope;
}

std::vector<std::string> grantable(const std::vector<std::string>& asked) {
    std::vector<std::string> granted;
    for (const auto& scope : asked)
        if (holds(supported_scopes(), scope)) granted.push_back(scope);
    return granted;
}

}  // namespace hearth::sandbox
