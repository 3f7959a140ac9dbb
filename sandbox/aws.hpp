// What the AWS face knows: its account, who may become what, and what was asked of it.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/aws_keys.hpp"

namespace hearth::sandbox {

inline constexpr std::string_view aws_account = "111122223333";
inline constexpr std::string_view aws_second_account = "444455556666";
inline constexpr std::string_view aws_region = "eu-central-1";
inline constexpr std::string_view aws_external_id = "sandbox-external-id";
inline constexpr std::string_view aws_web_audience = "sts.amazonaws.com";
inline constexpr std::string_view aws_web_subject = "system:serviceaccount:build:";

// A role, and whom it trusts.
struct AwsRole {
    std::string name;
    bool trusts_users = false;
    std::vector<std::string> trusts_roles;  // Sessions of these.
    bool trusts_web_identity = false;
    std::string external_id;  // Not empty: it must be named.
    bool needs_mfa = false;

    [[nodiscard]] std::string arn() const;
};

// A virtual device whose every code works once; the next one comes after it.
class AwsMfaDevice {
  public:
    AwsMfaDevice();
    [[nodiscard]] std::string serial() const;
    [[nodiscard]] const std::string& code() const noexcept { return code_; }
    // Whether the code is the current one, which is then spent.
    bool spend(std::string_view serial, std::string_view code);

  private:
    std::string code_;
};

// One request to the AWS face; never a secret.
struct AwsRecord {
    Instant at;
    std::string endpoint;
    std::string action;
    std::string principal;  // Who signed; empty where nobody did or the signature was refused.
    std::string
        outcome;  // "answered", an error's code, or "not_processed" when a fault came first.
    std::string detail;
    std::vector<std::string> faults;
};

// What tests change while it runs.
struct AwsRules {
    std::optional<seconds> lifetime;        // Of every role's credentials, whatever is asked.
    seconds registration{90L * 24 * 3600};  // Of a client of the SSO OIDC service.
    seconds clock_offset{0};                // How far AWS's clock is ahead of the machine's.
    bool machine_without_tokens = false;    // The instance's metadata answers without a token.
};

struct Aws {
    explicit Aws(AwsRules given);

    AwsRules rules;
    AwsKeys keys;
    const AwsKey* user_key = nullptr;
    std::vector<AwsRole> roles;
    AwsMfaDevice mfa;
    std::string container_token;
    std::string bedrock_key;
    std::map<std::string, Instant, std::less<>> machine_tokens;      // And until when they work.
    std::map<std::string, const AwsKey*, std::less<>> machine_keys;  // By who asks for them.
    std::map<std::string, Instant, std::less<>> machine_keys_due;
    std::map<std::string, Instant, std::less<>> sso_clients;  // And until when they are registered.
    std::vector<AwsRecord> records;

    [[nodiscard]] const AwsRole* role(std::string_view arn) const;
    [[nodiscard]] seconds lifetime(seconds asked) const { return rules.lifetime.value_or(asked); }
    [[nodiscard]] boost::json::array records_json() const;
};

// The principal of a role's session.
Principal role_session(const std::string& account, const std::string& role,
                       const std::string& session);

}  // namespace hearth::sandbox
