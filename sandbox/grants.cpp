#include "sandbox/grants.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sandbox/encoding.hpp"
#include "sandbox/parameters.hpp"

namespace hearth::sandbox {

namespace {

// A searcher for leaked secrets, and a person who reads one, should see at once what they have.
std::string fresh_access_token(Face face) {
    return (face == Face::claude ? "sk-ant-oat01-" : "sandbox_access_") + random_token(40);
}
std::string fresh_refresh_token(Face face) {
    return (face == Face::claude ? "sk-ant-ort01-" : "sandbox_refresh_") + random_token(40);
}

template <class Map>
auto* find_in(Map& map, std::string_view key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

bool all_within(const std::vector<std::string>& wanted, const std::vector<std::string>& granted) {
    return std::ranges::all_of(wanted, [&](const auto& word) { return holds(granted, word); });
}

std::unexpected<OAuthError> invalid_grant(std::string why) {
    return std::unexpected(OAuthError{"invalid_grant", std::move(why)});
}

}  // namespace

std::string_view name_of(Face face) {
    switch (face) {
        case Face::standard:
            return "standard";
        case Face::claude:
            return "claude";
        case Face::aws:
            return "aws";
    }
    return {};
}

std::string Grants::issue_code(CodeGrant grant, Instant now) {
    grant.expires_at = now + lifetimes_.code;
    std::string code = "sandbox_code_" + random_token(24);
    codes_.emplace(code, std::move(grant));
    return code;
}

Outcome<CodeGrant*> Grants::redeem(std::string_view code, const std::string& client_id,
                                   Instant now) {
    CodeGrant* grant = find_in(codes_, code);
    if (grant == nullptr) return invalid_grant("the code is unknown");
    if (grant->permission.client_id != client_id)
        return invalid_grant("the code was issued to another client");
    // RFC 6749 section 4.1.2: a code that comes twice was stolen, by one of the two.
    if (grant->spent) {
        revoke_family(grant->family, "authorization code used twice");
        return invalid_grant("the code was used before");
    }
    grant->spent = true;
    if (now >= grant->expires_at) return invalid_grant("the code has expired");
    return grant;
}

Tokens Grants::begin(const Permission& permission, Renewable renewable, Instant now,
                     std::optional<seconds> lifetime) {
    const std::string id = fmt::format("family-{}", next_family_++);
    Family& family = families_[id];
    family.id = id;
    family.permission = permission;
    family.created_at = family.renewed_at = now;
    if (renewable == Renewable::yes) {
        family.refresh_token = fresh_refresh_token(permission.face);
        family.refresh_expires_at = now + lifetimes_.refresh;
        refresh_tokens_[family.refresh_token] = {id, 0};
    }
    family.newest = issue(family, permission.scopes, permission.resources, now, lifetime);
    family.newest.refresh_token = family.refresh_token;
    return family.newest;
}

Tokens Grants::issue(Family& family, std::vector<std::string> scopes,
                     std::vector<std::string> resources, Instant now,
                     std::optional<seconds> lifetime) {
    Tokens tokens;
    tokens.access_token = fresh_access_token(family.permission.face);
    tokens.scopes = scopes;
    tokens.expires_at = now + lifetime.value_or(lifetimes_.access);
    tokens.refresh_expires_at = family.refresh_expires_at;
    tokens.family = family.id;
    tokens.generation = family.generation;
    access_tokens_[tokens.access_token] = {.family = family.id,
                                           .scopes = std::move(scopes),
                                           .resources = std::move(resources),
                                           .issued_at = now,
                                           .expires_at = tokens.expires_at};
    return tokens;
}

bool Grants::forgiven(const RefreshToken& token, const Family& family, Instant now) const {
    return token.generation + 1 == family.generation && now - family.renewed_at < lifetimes_.leeway;
}

Outcome<Tokens> Grants::renew(const Renewal& renewal, Instant now) {
    const RefreshToken* token = refresh(renewal.token);
    if (token == nullptr) return invalid_grant("the refresh token is unknown");
    Family& family = families_.at(token->family);
    if (family.permission.client_id != renewal.client_id)
        return invalid_grant("the refresh token was issued to another client");
    if (!family.live) return invalid_grant("the sign-in was revoked: " + family.why);
    if (lifetimes_.rotation && token->generation != family.generation) {
        if (forgiven(*token, family, now)) return family.newest;
        // RFC 9700 section 4.14.2: nobody knows which of the two holders is the thief.
        revoke_family(family.id, "refresh token used twice");
        return invalid_grant("the refresh token was used before");
    }
    if (now >= family.refresh_expires_at) return invalid_grant("the refresh token has expired");
    if (!all_within(renewal.scopes, family.permission.scopes))
        return std::unexpected(OAuthError{"invalid_scope", "a scope was not granted at sign-in"});
    if (!all_within(renewal.resources, family.permission.resources))
        return std::unexpected(
            OAuthError{"invalid_target", "a resource was not granted at sign-in"});

    ++family.generation;
    family.renewed_at = now;
    if (lifetimes_.rotation) {
        family.refresh_token = fresh_refresh_token(family.permission.face);
        family.refresh_expires_at = now + lifetimes_.refresh;
        refresh_tokens_[family.refresh_token] = {family.id, family.generation};
    }
    family.newest =
        issue(family, renewal.scopes.empty() ? family.permission.scopes : renewal.scopes,
              renewal.resources.empty() ? family.permission.resources : renewal.resources, now);
    if (lifetimes_.rotation) family.newest.refresh_token = family.refresh_token;
    return family.newest;
}

const AccessToken* Grants::access(std::string_view token) const {
    return find_in(access_tokens_, token);
}
const RefreshToken* Grants::refresh(std::string_view token) const {
    return find_in(refresh_tokens_, token);
}
const Family* Grants::family(std::string_view id) const { return find_in(families_, id); }

const AccessToken* Grants::usable(std::string_view token, Instant now) const {
    const AccessToken* found = access(token);
    if (found == nullptr || found->revoked || now >= found->expires_at) return nullptr;
    return families_.at(found->family).live ? found : nullptr;
}

bool Grants::current(const RefreshToken& token, Instant now) const {
    const Family& family = families_.at(token.family);
    const bool newest = !lifetimes_.rotation || token.generation == family.generation;
    return family.live && newest && now < family.refresh_expires_at;
}

void Grants::revoke_access(std::string_view token) {
    if (AccessToken* found = find_in(access_tokens_, token)) found->revoked = true;
}

void Grants::revoke_family(const std::string& id, std::string why) {
    Family* family = find_in(families_, id);
    if (family == nullptr || !family->live) return;
    family->live = false;
    family->why = std::move(why);
}

void Grants::revoke_all(const std::string& why) {
    for (const auto& [id, family] : families_) revoke_family(id, why);
}

void Grants::move_all(const std::string& organization) {
    for (auto& [id, family] : families_) family.permission.organization = organization;
}

void Grants::expire_access_tokens(Instant now) {
    for (auto& [text, token] : access_tokens_) token.expires_at = std::min(token.expires_at, now);
    for (auto& [id, family] : families_)
        family.newest.expires_at = std::min(family.newest.expires_at, now);
}

}  // namespace hearth::sandbox
