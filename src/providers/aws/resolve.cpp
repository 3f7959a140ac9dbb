#include "providers/aws/resolve.hpp"

#include <utility>
#include <vector>

#include "providers/aws/machine_keys.hpp"
#include "providers/aws/sts.hpp"

namespace hearth::providers::aws {
namespace {

using Kind = KeysFailure::Kind;

constexpr std::size_t longest_identity_token = 20'000;
constexpr std::size_t longest_authorization = 16UL * 1024;

std::unexpected<KeysFailure> failed(Kind kind, Remedy remedy, std::string what, std::string hint) {
    return std::unexpected(KeysFailure{
        .kind = kind, .error = {remedy, std::move(what), std::move(hint)}, .retry_after = {}});
}

std::unexpected<KeysFailure> not_asked(Error error) {
    return std::unexpected(
        KeysFailure{.kind = Kind::not_asked, .error = std::move(error), .retry_after = {}});
}

StaticKeys copy_of(const StaticKeys& keys) {
    return {.access_key_id = keys.access_key_id,
            .secret_access_key = keys.secret_access_key.clone(),
            .session_token = keys.session_token.clone(),
            .account_id = keys.account_id};
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const auto first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

// Gets the keys of a plan whose source, where it has one, has been asked already.
class Step {
  public:
    Step(const Plan& plan, std::string_view session_name, std::string_view token_code,
         const Outside& outside, const std::stop_token& stop)
        : plan_(plan),
          session_name_(session_name),
          token_code_(token_code),
          outside_(outside),
          sts_(outside.http, outside.clock, outside.signer),
          stop_(stop) {}

    KeysResult take(const Keys* source) {
        source_ = source;
        return std::visit([this](const auto& way) { return keys(way); }, plan_.way);
    }

  private:
    KeysResult keys(const StaticKeys& kept) const {
        return Keys{.keys = copy_of(kept), .expires_at = {}, .arn = {}};
    }
    KeysResult keys(const EnvironmentKeys& given) const {
        Keys keys{.keys = copy_of(given.keys), .expires_at = {}, .arn = {}};
        if (given.expiration.empty()) return keys;
        const auto expires_at = parse_rfc3339(given.expiration);
        if (!expires_at)
            return not_asked({Remedy::usage, "AWS_CREDENTIAL_EXPIRATION is no time",
                              "write it like 2026-01-02T03:04:05Z, or unset it"});
        if (*expires_at <= outside_.clock.now().wall)
            return failed(Kind::expired, Remedy::failed,
                          "the keys in AWS_ACCESS_KEY_ID have expired",
                          "get new ones from what gave you these");
        keys.expires_at = *expires_at;
        return keys;
    }
    KeysResult keys(const AssumeRole& role) {
        if (!role.mfa_serial.empty() && token_code_.empty())
            return failed(Kind::needs_person, Remedy::sign_in,
                          "the role of profile '" + plan_.profile +
                              "' wants a code of the device " + role.mfa_serial,
                          "");
        return sts_.assume_role(role, name_for(role.role_session_name), token_code_, source_->keys,
                                stop_);
    }
    KeysResult keys(const WebIdentity& role) {
        const auto token = outside_.files.file(role.token_file, longest_identity_token);
        if (!token) return not_asked(token.error());
        const Secret identity(trimmed(token->reveal()));
        if (identity.empty())
            return not_asked({Remedy::failed, role.token_file + " holds no identity token",
                              "look at what writes it"});
        return sts_.assume_role_with_web_identity(role, name_for(role.role_session_name), identity,
                                                  stop_);
    }
    KeysResult keys(const Container& container) {
        Secret authorization = container.authorization.clone();
        if (!container.authorization_file.empty()) {
            auto read = outside_.files.file(container.authorization_file, longest_authorization);
            if (!read) return not_asked(std::move(read).error());
            authorization = *std::move(read);
        }
        return container_keys(container.url, authorization.reveal(), outside_.http, stop_);
    }
    KeysResult keys(const InstanceMetadata& service) {
        return instance_keys(service, outside_.http, outside_.random, outside_.clock.now().wall,
                             stop_);
    }
    KeysResult keys(const Process& /*process*/) const {
        return failed(
            Kind::needs_program, Remedy::failed,
            "the keys of profile '" + plan_.profile + "' come from a command (" + plan_.place + ")",
            "");
    }
    KeysResult keys(const IdentityCenter& role) const {
        return outside_.role_keys ? outside_.role_keys(role) : signed_out();
    }
    KeysResult keys(const ConsoleLogin& /*login*/) const { return signed_out(); }

    [[nodiscard]] KeysResult signed_out() const {
        return failed(
            Kind::needs_person, Remedy::sign_in,
            "nobody is signed in for profile '" + plan_.profile + "' (" + plan_.place + ")", "");
    }
    [[nodiscard]] std::string_view name_for(const std::string& own) const {
        return own.empty() ? session_name_ : own;
    }

    const Plan& plan_;
    std::string_view session_name_;
    std::string_view token_code_;
    const Outside& outside_;
    Sts sts_;
    const std::stop_token& stop_;
    const Keys* source_ = nullptr;
};

}  // namespace

KeysResult keys_of(const Plan& plan, std::string_view session_name, std::string_view token_code,
                   const Outside& outside, const std::stop_token& stop) {
    std::vector<const Plan*> steps{&plan};
    while (const auto* const role = std::get_if<AssumeRole>(&steps.back()->way))
        steps.push_back(role->source.get());
    std::optional<Keys> source;
    while (!steps.empty()) {
        const auto& step = *steps.back();
        steps.pop_back();
        const bool last = steps.empty();
        auto keys = Step(step, session_name, last ? token_code : "", outside, stop)
                        .take(source ? &*source : nullptr);
        if (!keys) return keys;
        source = *std::move(keys);
    }
    return *std::move(source);
}

}  // namespace hearth::providers::aws
