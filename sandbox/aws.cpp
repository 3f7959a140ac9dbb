#include "sandbox/aws.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sandbox/account.hpp"
#include "sandbox/encoding.hpp"

namespace hearth::sandbox {

namespace {

constexpr std::string_view digits = "0123456789";

// A chain of three (reader, deployer, auditor), and a role for each condition that a trust can
// have.
std::vector<AwsRole> usual_roles() {
    const auto role = [](std::string name) {
        AwsRole made;
        made.name = std::move(name);
        return made;
    };
    auto reader = role("reader");
    reader.trusts_users = true;
    auto deployer = role("deployer");
    deployer.trusts_roles = {"reader", "instance", "container"};
    auto auditor = role("auditor");
    auditor.trusts_roles = {"deployer"};
    auto partner = role("partner");
    partner.trusts_users = true;
    partner.external_id = aws_external_id;
    auto guarded = role("guarded");
    guarded.trusts_users = true;
    guarded.needs_mfa = true;
    auto workload = role("workload");
    workload.trusts_web_identity = true;
    return {reader,  deployer, auditor,          partner,
            guarded, workload, role("instance"), role("container")};
}

}  // namespace

std::string AwsRole::arn() const {
    return fmt::format("arn:aws:iam::{}:role/{}", aws_account, name);
}

AwsMfaDevice::AwsMfaDevice() : code_(random_text(6, digits)) {}

std::string AwsMfaDevice::serial() const {
    return fmt::format("arn:aws:iam::{}:mfa/{}", aws_account, demo_user);
}

bool AwsMfaDevice::spend(std::string_view serial_number, std::string_view code) {
    if (serial_number != serial() || !same_text(code, code_)) return false;
    const auto spent = code_;
    while (code_ == spent) code_ = random_text(6, digits);
    return true;
}

Aws::Aws(AwsRules given)
    : rules(given),
      roles(usual_roles()),
      container_token("sandbox_container_" + random_token(24)),
      bedrock_key("sandbox_bedrock_key_" + random_token(40)) {
    user_key =
        &keys.add_long_term({.account = std::string(aws_account),
                             .arn = fmt::format("arn:aws:iam::{}:user/{}", aws_account, demo_user),
                             .user_id = aws_identifier("AIDA"),
                             .role = {}});
}

const AwsRole* Aws::role(std::string_view arn) const {
    const auto found = std::ranges::find(roles, arn, &AwsRole::arn);
    return found == roles.end() ? nullptr : &*found;
}

boost::json::array Aws::records_json() const {
    boost::json::array list;
    for (const auto& record : records) {
        const boost::json::array faults(record.faults.begin(), record.faults.end());
        list.push_back(boost::json::object{{"at", to_rfc3339(record.at)},
                                           {"endpoint", record.endpoint},
                                           {"action", record.action},
                                           {"principal", record.principal},
                                           {"outcome", record.outcome},
                                           {"detail", record.detail},
                                           {"faults", faults}});
    }
    return list;
}

Principal role_session(const std::string& account, const std::string& role,
                       const std::string& session) {
    // The role's own identifier is the same in every run.
    std::string id = to_hex(sha256(account + role)).substr(0, 16);
    for (char& letter : id) letter = static_cast<char>(letter >= 'a' ? letter - 'a' + 'A' : letter);
    return {.account = account,
            .arn = fmt::format("arn:aws:sts::{}:assumed-role/{}/{}", account, role, session),
            .user_id = fmt::format("AROA{}:{}", id, session),
            .role = role};
}

}  // namespace hearth::sandbox
