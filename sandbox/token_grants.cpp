#include "sandbox/token_grants.hpp"

#include <algorithm>

#include "sandbox/encoding.hpp"

namespace hearth::sandbox {

namespace {

std::unexpected<OAuthError> refused(std::string code, std::string why) {
    return std::unexpected(OAuthError{std::move(code), std::move(why)});
}

// RFC 7636 section 4.1: 43 to 128 unreserved characters.
bool looks_like_a_verifier(const std::string& verifier) {
    return verifier.size() >= 43 && verifier.size() <= 128 && percent_encode(verifier) == verifier;
}

// A refresh token for whoever asked to stay signed in; the other faces give one to everybody.
Grants::Renewable renewable(const Client& client, const Permission& permission) {
    const bool asked = permission.face != Face::standard || permission.offline ||
                       holds(permission.scopes, "offline_access");
    return asked && client.may(grant::refresh) ? Grants::Renewable::yes : Grants::Renewable::no;
}

}  // namespace

Outcome<Tokens> exchange_code(Exchange& exchange, const Client& client, const Parameters& form) {
    const std::string code = form.one("code");
    if (code.empty()) return refused("invalid_request", "code is missing");
    const auto found = exchange.state.grants.redeem(code, client.id, exchange.now);
    if (!found) return std::unexpected(found.error());
    CodeGrant& grant = **found;
    if (name_of(grant.permission.face) != exchange.record.face)
        return refused("invalid_grant", "the code belongs to the other token endpoint");
    if (form.one("redirect_uri") != grant.redirect_uri)
        return refused("invalid_grant", "redirect_uri is not the one of the authorization request");
    if (grant.permission.face == Face::claude && form.one("state") != grant.state)
        return refused("invalid_grant", "state is not the one of the authorization request");
    const std::string verifier = form.one("code_verifier");
    if (!looks_like_a_verifier(verifier))
        return refused("invalid_request", "code_verifier is missing or malformed");
    if (base64url(sha256(verifier)) != grant.challenge)
        return refused("invalid_grant", "code_verifier does not match the challenge");
    const auto resources = form.all("resource");
    if (!std::ranges::all_of(
            resources, [&](const auto& one) { return holds(grant.permission.resources, one); }))
        return refused("invalid_target", "a resource was not in the authorization request");

    const Permission& permission = grant.permission;
    Tokens tokens =
        exchange.state.grants.begin(permission, renewable(client, permission), exchange.now);
    grant.family = tokens.family;
    return tokens;
}

Outcome<Tokens> renew_tokens(Exchange& exchange, const Client& client, const Parameters& form) {
    const std::string token = form.one("refresh_token");
    if (token.empty()) return refused("invalid_request", "refresh_token is missing");
    if (const RefreshToken* known = exchange.state.grants.refresh(token)) {
        exchange.record.family = known->family;
        exchange.record.presented = known->generation;
    }
    return exchange.state.grants.renew({.token = token,
                                        .client_id = client.id,
                                        .scopes = words_of(form.one("scope")),
                                        .resources = form.all("resource")},
                                       exchange.now);
}

void note_issued(Exchange& exchange, const Tokens& tokens) {
    exchange.record.outcome = "issued";
    exchange.record.family = tokens.family;
    exchange.record.generation = tokens.generation;
}

Response note_refused(Exchange& exchange, const OAuthError& error) {
    exchange.record.outcome = error.code;
    exchange.record.detail = error.description;
    return error_response(error);
}

boost::json::object token_reply(const Tokens& tokens, Instant now) {
    const auto lasts = [&](Instant end) {
        return std::max<std::int64_t>(0, std::chrono::floor<seconds>(end - now).count());
    };
    boost::json::object reply{{"access_token", tokens.access_token},
                              {"token_type", "Bearer"},
                              {"expires_in", lasts(tokens.expires_at)},
                              {"scope", joined(tokens.scopes)}};
    if (!tokens.refresh_token.empty()) {
        reply["refresh_token"] = tokens.refresh_token;
        reply["refresh_token_expires_in"] = lasts(tokens.refresh_expires_at);
    }
    return reply;
}

}  // namespace hearth::sandbox
