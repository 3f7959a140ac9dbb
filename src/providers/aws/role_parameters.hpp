#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "providers/aws/shared_config.hpp"

namespace hearth::providers::aws {

// A value, and where it stands.
struct Given {
    std::string text;
    std::string place;  // "config:12", or a variable.
    std::string key;    // Of the file; empty for a variable.

    // "config:12: role_arn", "AWS_ROLE_ARN".
    [[nodiscard]] std::string described() const { return key.empty() ? place : place + ": " + key; }
};
Given given_by(const SharedSection& profile, std::string_view key);

// What STS takes for a parameter; Remedy::usage with the place for what it would refuse. An empty
// text is fine but for the role's.
Result<> check_role_arn(const Given& arn);
Result<> check_role_session_name(const Given& name);
Result<> check_external_id(const Given& id);
Result<> check_mfa_serial(const Given& serial);
Result<std::optional<std::chrono::seconds>> role_duration(const SharedSection& profile);

}  // namespace hearth::providers::aws
