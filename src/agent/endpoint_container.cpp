#include "agent/endpoint_container.hpp"

#include "agent/endpoint_replies.hpp"
#include "json/object_writer.hpp"

namespace hearth::agent {
namespace {

// Keys without an end are asked for again so that a program hears of others.
constexpr Span endless_for = std::chrono::hours(1);

}  // namespace

Verdict ContainerFace::judge(const Question& question) const {
    if (question.target != path_) return Verdict::wrong_path;
    if (!question.gets) return Verdict::wrong_method;
    if (!question.authorization) return Verdict::no_token;
    return same_secret(*question.authorization, authorization_) ? Verdict::granted
                                                                : Verdict::wrong_token;
}

std::optional<Secret> ContainerFace::fixed_reply(const Question& /*question*/) const {
    return std::nullopt;
}

// What has no end is said to have one from now on, whenever now is.
std::optional<Secret> ContainerFace::lasting_reply(const Credential& credential) const {
    if (!credential.expires_at()) return std::nullopt;
    return reply({}, credential, {});
}

Secret ContainerFace::reply(const Question& /*question*/, const Credential& credential,
                            Instant now) const {
    const auto* const keys = credential.aws_keys();
    if (keys == nullptr || keys->access_key_id.empty())
        return failure(Error{Remedy::usage, credential.profile() + " has no AWS keys", ""});
    json::ObjectWriter body;
    body.text("AccessKeyId", keys->access_key_id);
    body.text("SecretAccessKey", keys->secret_access_key.reveal());
    body.text("Token", keys->session_token.reveal());
    const auto expires_at = credential.expires_at();
    // The SDKs want to be told when to ask again.
    body.text("Expiration", to_rfc3339(expires_at ? Instant(*expires_at) : now + endless_for));
    if (!keys->account_id.empty()) body.text("AccountId", keys->account_id);
    return http_reply({}, body.take());
}

Secret ContainerFace::failure(const Error& error) const { return failure_reply(error); }

Secret ContainerFace::refusal(Verdict verdict) const { return refusal_reply(verdict); }

}  // namespace hearth::agent
