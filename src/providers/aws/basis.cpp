// What keys are got by, as a few characters.
#include <string>
#include <string_view>
#include <variant>

#include "providers/aws/settled.hpp"
#include "signing/digest.hpp"

namespace hearth::providers::aws {
namespace {

// Each part with its length before it, so that no two plans are written alike.
class Written {
  public:
    Written& add(std::string_view part) {
        text_.append(std::to_string(part.size())).append(":").append(part);
        return *this;
    }
    Written& add(const ServiceSettings& service) {
        add(service.region).add(service.endpoint_url).add(service.certificates);
        return add(service.fips ? "fips" : "").add(service.dual_stack ? "dual" : "");
    }
    Written& add(const StaticKeys& keys) {
        add(keys.access_key_id).add(keys.secret_access_key.reveal());
        return add(keys.session_token.reveal());
    }
    // Not its place: a line that moved changes nothing.
    Written& add(const Plan& plan) {
        add(plan.name).add(plan.profile);
        std::visit([this](const auto& way) { write(way); }, plan.way);
        return *this;
    }

    // 60 bits are enough to see a change by, and fit into a text without memory of its own.
    std::string digest() {
        constexpr std::string_view digits = "0123456789abcdef";
        constexpr std::size_t length = 15;
        const Secret text = text_.take();
        std::string hex;
        for (const auto octet : signing::sha256(text.reveal())) {
            hex += digits[octet >> 4U];
            hex += digits[octet & 15U];
            if (hex.size() >= length) break;
        }
        return hex.substr(0, length);
    }

  private:
    void write(const EnvironmentKeys& way) { add(way.keys).add(way.expiration); }
    void write(const AssumeRole& way) {
        add(way.role_arn).add(way.role_session_name).add(way.external_id).add(way.mfa_serial);
        add(way.duration ? std::to_string(way.duration->count()) : "").add(way.sts);
        add(*way.source);
    }
    void write(const WebIdentity& way) {
        add(way.token_file).add(way.role_arn).add(way.role_session_name).add(way.sts);
    }
    void write(const IdentityCenter& way) {
        add(way.session).add(way.start_url).add(way.region).add(way.account_id).add(way.role_name);
    }
    void write(const StaticKeys& way) { add(way); }
    void write(const ConsoleLogin& way) { add(way.login_session).add(way.cache_folder); }
    void write(const Process& way) { add(way.command); }
    void write(const Container& way) {
        add(way.url).add(way.authorization.reveal()).add(way.authorization_file);
    }
    void write(const InstanceMetadata& way) { add(way.endpoint); }

    SecretBuilder text_;
};

}  // namespace

std::string basis_of(const Settled& settled) {
    return Written().add(settled.plan).add(settled.region).digest();
}

std::string basis_of(const Error& error) { return Written().add(error.what).digest(); }

}  // namespace hearth::providers::aws
