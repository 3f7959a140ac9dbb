#include "sandbox/federation.hpp"

#include <algorithm>
#include <array>

#include "sandbox/claude_words.hpp"
#include "sandbox/jwt.hpp"
#include "sandbox/members.hpp"
#include "sandbox/state.hpp"
#include "sandbox/token_grants.hpp"

namespace hearth::sandbox {

namespace {

using boost::json::object;

constexpr std::size_t longest_assertion = 16UL * 1024;
constexpr seconds clock_leeway{30};
constexpr seconds longest_identity{3600};
constexpr seconds least_lifetime{60};

std::unexpected<Denial> deny(std::string why) {
    return std::unexpected(Denial{std::move(why), false});
}

bool known_algorithm(std::string_view name) {
    constexpr std::array<std::string_view, 9> known{"RS256", "RS384", "RS512", "PS256", "PS384",
                                                    "PS512", "ES256", "ES384", "ES512"};
    return std::ranges::find(known, name) != known.end();
}

// The token's claims, once its signature is one of the issuer's keys' own.
Judged<object> signed_claims(State& state, const std::string& token) {
    auto read = read_jwt(token);
    if (!read) return deny("the assertion is no JSON Web Token");
    const auto algorithm = read->algorithm();
    if (!known_algorithm(algorithm)) return deny("the algorithm is not accepted");
    const auto key_id = read->key_id();
    if (key_id.empty()) return deny("kid is missing");
    if (text_in(read->claims, "iss") != state.settings.origin) return deny("the issuer is unknown");
    const SigningKey* key = state.keys.find(key_id);
    if (key == nullptr) return deny("the issuer has no key of that kid");
    if (key->name() != algorithm) return deny("the key is for another algorithm");
    if (!key->verifies(read->input, read->signature)) return deny("the signature is wrong");
    return std::move(read->claims);
}

bool matches(std::string_view subject, std::string_view pattern) {
    if (!pattern.ends_with('*')) return subject == pattern;
    return subject.starts_with(pattern.substr(0, pattern.size() - 1));
}

Judged<Tokens> judge(Exchange& exchange, const object& body) {
    const auto& rule = exchange.state.federation;
    if (text_in(body, "federation_rule_id") != rule.id) return deny("the rule is unknown");
    if (text_in(body, "organization_id") != rule.organization)
        return deny("the rule is of another organization");
    if (text_in(body, "service_account_id") != rule.service_account)
        return deny("the rule is for another service account");
    const auto workspace = text_in(body, "workspace_id");
    if (!workspace.empty() && !holds(rule.workspaces, workspace))
        return deny("the rule does not cover the workspace");
    const auto identity = identity_of(exchange.state, text_in(body, "assertion"), exchange.now);
    if (!identity) return std::unexpected(identity.error());
    if (!is_for(identity->claims, rule.audience)) return deny("the audience does not match");
    if (!matches(identity->subject, rule.subject)) return deny("the subject does not match");
    // The smaller of the rule's and twice what is left of the token, and a minute at least.
    const auto left = std::chrono::floor<seconds>(identity->expires_at - exchange.now);
    const auto floor = std::min(least_lifetime, rule.lifetime);
    const auto lifetime = std::max(floor, std::min(rule.lifetime, left * 2));
    const Permission permission{
        .client_id = rule.id,
        .user = rule.service_account,
        .scopes = rule.scopes,
        .resources = {},
        .face = Face::claude,
        .nonce = {},
        .organization = rule.organization,
        .workspace = workspace.empty() ? rule.workspaces.front() : workspace,
        .signed_in_at = exchange.now};
    return exchange.state.grants.begin(permission, Grants::Renewable::no, exchange.now, lifetime);
}

bool looks_like_a_uuid(std::string_view text) {
    if (text.size() != 36) return false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        const bool digit = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
        if (dash ? text[i] != '-' : !digit) return false;
    }
    return true;
}

// What is wrong with the form of the request; it is told.
std::optional<std::string> malformed(const object& body) {
    const auto assertion = text_in(body, "assertion");
    if (assertion.empty()) return "assertion: field required";
    if (assertion.size() > longest_assertion) return "assertion: longer than 16384 characters";
    if (!text_in(body, "federation_rule_id").starts_with("fdrl_"))
        return "federation_rule_id: must begin with fdrl_";
    if (!looks_like_a_uuid(text_in(body, "organization_id")))
        return "organization_id: must be a UUID";
    if (!text_in(body, "service_account_id").starts_with("svac_"))
        return "service_account_id: must begin with svac_";
    return std::nullopt;
}

}  // namespace

Judged<Identity> identity_of(State& state, const std::string& token, Instant now) {
    auto claims = signed_claims(state, token);
    if (!claims) return std::unexpected(claims.error());
    const auto subject = text_in(*claims, "sub");
    const auto issued = number_in(*claims, "iat");
    const auto expires = number_in(*claims, "exp");
    if (subject.empty() || !issued || !expires) return deny("sub, iat or exp is missing");
    const Instant expires_at{seconds(*expires)};
    const Instant issued_at{seconds(*issued)};
    const Instant valid_from{seconds(number_in(*claims, "nbf").value_or(*issued))};
    if (expires_at - issued_at > longest_identity) return deny("it lives longer than an hour");
    if (now >= expires_at + clock_leeway)
        return std::unexpected(Denial{.why = "it has expired", .expired = true});
    if (std::max(issued_at, valid_from) > now + clock_leeway) return deny("it is not valid yet");
    return Identity{.claims = *std::move(claims), .subject = subject, .expires_at = expires_at};
}

bool is_for(const object& claims, const std::string& audience) {
    const auto* found = claims.if_contains("aud");
    if (found == nullptr) return false;
    if (found->is_string()) return found->get_string() == audience;
    if (!found->is_array()) return false;
    return std::ranges::any_of(found->get_array(), [&](const auto& one) {
        return one.is_string() && one.get_string() == audience;
    });
}

bool asks_for_federation(const Request& request) {
    if (!request.declares("application/json")) return false;
    const auto body = object_in(request.body);
    return body && text_in(*body, "grant_type") == jwt_bearer;
}

Response federation_exchange(Exchange& exchange) {
    auto& record = exchange.record;
    record.grant = jwt_bearer;
    const auto body = object_in(exchange.request.body).value_or(object());
    record.client = text_in(body, "federation_rule_id");
    if (const auto wrong = malformed(body)) {
        record.outcome = "invalid_request_error";
        record.detail = *wrong;
        return claude_error(400, "invalid_request_error", *wrong);
    }
    const auto tokens = judge(exchange, body);
    if (!tokens) {
        record.outcome = "authentication_error";
        record.detail = tokens.error().why;
        return claude_error(401, "authentication_error", "Authentication failed");
    }
    note_issued(exchange, *tokens);
    return with_request_id(json_response(200, token_reply(*tokens, exchange.now)));
}

}  // namespace hearth::sandbox
