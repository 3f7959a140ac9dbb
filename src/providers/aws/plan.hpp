// What AWS's configuration says about where credentials come from. Plain values: nothing of it has
// been tried.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "hearth/secret.hpp"
#include "providers/aws/service_settings.hpp"

namespace hearth::providers::aws {

struct Plan;

struct StaticKeys {
    std::string access_key_id;
    Secret secret_access_key;
    Secret session_token;    // Empty for keys that do not expire.
    std::string account_id;  // Empty where nothing says.
};

// Keys from the variables of the process that asks; what gave them may give newer ones.
struct EnvironmentKeys {
    StaticKeys keys;
    std::string expiration;  // As it is written there; empty: they do not say.
};

struct AssumeRole {
    std::string role_arn;
    std::string role_session_name;  // Empty: the caller chooses one.
    std::string external_id;
    std::string mfa_serial;  // Empty: no code is asked for.
    std::optional<std::chrono::seconds> duration;
    ServiceSettings sts;
    std::unique_ptr<Plan> source;  // Never null.
};

struct WebIdentity {
    std::string token_file;
    std::string role_arn;
    std::string role_session_name;
    ServiceSettings sts;
};

struct IdentityCenter {
    std::string session;  // The sso-session's name; empty where the profile says it all by itself.
    std::string start_url;
    std::string region;
    std::vector<std::string> scopes;
    std::string account_id;
    std::string role_name;
};

struct ConsoleLogin {
    std::string login_session;
    std::string cache_folder;
};

struct Process {
    std::string command;
};

struct Container {
    std::string url;
    Secret authorization;            // Empty: none, or what the file holds.
    std::string authorization_file;  // Comes before `authorization`.
};

struct InstanceMetadata {
    std::string endpoint;
    bool v1_disabled = false;
    std::chrono::seconds timeout{1};
    int attempts = 1;
};

struct Plan {
    std::variant<EnvironmentKeys, AssumeRole, WebIdentity, IdentityCenter, StaticKeys, ConsoleLogin,
                 Process, Container, InstanceMetadata>
        way;
    std::string name;     // Of the way, as `ways` has it.
    std::string profile;  // Whose settings these are; empty for the environment and the machine.
    std::string place;    // "config:12", or the variable.
};

}  // namespace hearth::providers::aws
