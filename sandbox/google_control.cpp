#include <array>

#include "sandbox/encoding.hpp"
#include "sandbox/google_answers.hpp"
#include "sandbox/google_endpoints.hpp"
#include "sandbox/google_files.hpp"
#include "sandbox/google_pools.hpp"
#include "sandbox/members.hpp"

namespace hearth::sandbox {

namespace {

using boost::json::object;

// Whether a deed is about it; one that names no account is about all.
bool meant(const object& order, std::string_view principal) {
    const auto account = text_in(order, "account");
    return account.empty() || google_email(account) == principal || account == principal;
}

void for_sign_ins(Google& google, const object& order, auto&& deed) {
    for (auto& sign_in : google.sign_ins)
        if (meant(order, sign_in.principal)) deed(sign_in);
}

void expire_tokens(Exchange& exchange, const object& order) {
    for (auto& [text, token] : exchange.state.google.tokens)
        if (meant(order, token.principal))
            token.expires_at = std::min(token.expires_at, exchange.now);
}

void revoke_key(Exchange& exchange, const object& order) {
    const auto key = text_in(order, "key_id");
    for (auto& [email, account] : exchange.state.google.accounts)
        if (meant(order, email))
            std::erase_if(account.keys,
                          [&](const auto& entry) { return key.empty() || entry.first == key; });
}

void set_accounts(Google& google, const object& order, bool enabled) {
    for (auto& [email, account] : google.accounts)
        if (meant(order, email)) account.enabled = enabled;
    for (auto& [email, there] : google.people)
        if (meant(order, email)) there = enabled;
}
void disable_account(Exchange& exchange, const object& order) {
    set_accounts(exchange.state.google, order, false);
}
void enable_account(Exchange& exchange, const object& order) {
    set_accounts(exchange.state.google, order, true);
}

void require_reauth(Exchange& exchange, const object& order) {
    const auto subtype = text_in(order, "subtype");
    for_sign_ins(exchange.state.google, order, [&](GoogleSignIn& sign_in) {
        sign_in.reauth = subtype.empty() ? "invalid_rapt" : subtype;
        sign_in.rapt = random_token(60);
    });
}
void complete_reauth(Exchange& exchange, const object& order) {
    for_sign_ins(exchange.state.google, order,
                 [](GoogleSignIn& sign_in) { sign_in.reauth.clear(); });
}
void revoke_sign_in(Exchange& exchange, const object& order) {
    for_sign_ins(exchange.state.google, order,
                 [](GoogleSignIn& sign_in) { sign_in.revoked = true; });
}

void disable_client(Exchange& exchange, const object&) {
    for (auto& [id, client] : exchange.state.google.clients) client.enabled = false;
}
void enable_client(Exchange& exchange, const object&) {
    for (auto& [id, client] : exchange.state.google.clients) client.enabled = true;
}

void no_service_account(Exchange& exchange, const object&) {
    exchange.state.google.rules.instance_has_account = false;
}
void service_account(Exchange& exchange, const object&) {
    exchange.state.google.rules.instance_has_account = true;
}

void disable_service(Exchange& exchange, const object& order) {
    exchange.state.google.rules.disabled_services.push_back(text_in(order, "service"));
}
void enable_service(Exchange& exchange, const object& order) {
    std::erase(exchange.state.google.rules.disabled_services, text_in(order, "service"));
}

void allow(Exchange& exchange, const object& order) {
    Google& google = exchange.state.google;
    const auto who = text_in(order, "who");
    google.may_become[who == "*" ? who : google_email(who)].push_back(
        google.account(text_in(order, "target")).email);
}
void forbid(Exchange& exchange, const object& order) {
    Google& google = exchange.state.google;
    const auto target = google_email(text_in(order, "target"));
    for (auto& [who, rights] : google.may_become) std::erase(rights, target);
}
void allow_long_lifetimes(Exchange& exchange, const object&) {
    exchange.state.google.rules.long_lifetimes = true;
}

void set(Exchange& exchange, const object& order) {
    auto& rules = exchange.state.google.rules;
    const auto span = [&](std::string_view name, seconds& place) {
        if (const auto count = number_in(order, name)) place = seconds(*count);
    };
    span("lifetime", rules.lifetime);
    span("clock_offset", rules.clock_offset);
    const auto universe = text_in(order, "universe");
    if (!universe.empty()) rules.universe = universe;
}

struct Deed {
    std::string_view name;
    void (*act)(Exchange&, const object&);
};
constexpr std::array deeds{
    Deed{"expire_tokens", expire_tokens},
    Deed{"revoke_key", revoke_key},
    Deed{"disable_account", disable_account},
    Deed{"enable_account", enable_account},
    Deed{"require_reauth", require_reauth},
    Deed{"complete_reauth", complete_reauth},
    Deed{"revoke_sign_in", revoke_sign_in},
    Deed{"disable_client", disable_client},
    Deed{"enable_client", enable_client},
    Deed{"no_service_account", no_service_account},
    Deed{"service_account", service_account},
    Deed{"disable_service", disable_service},
    Deed{"enable_service", enable_service},
    Deed{"allow", allow},
    Deed{"forbid", forbid},
    Deed{"allow_long_lifetimes", allow_long_lifetimes},
    Deed{"set", set},
};

Response tell(const Google& google) {
    object accounts;
    for (const auto& [email, account] : google.accounts) {
        boost::json::array keys;
        for (const auto& [id, key] : account.keys) keys.emplace_back(id);
        accounts[email] = object{{"enabled", account.enabled}, {"keys", std::move(keys)}};
    }
    return json_response(200, {{"lifetime", google.rules.lifetime.count()},
                               {"clock_offset", google.rules.clock_offset.count()},
                               {"universe", google.rules.universe},
                               {"accounts", std::move(accounts)},
                               {"requests", google.records_json()}});
}

Response bad_order(std::string why) { return error_response({"invalid_request", std::move(why)}); }

}  // namespace

// {"make": TYPE, …} or {"do": DEED, …}.
Response google_control_endpoint(Exchange& exchange) {
    if (exchange.request.method == "GET") return tell(exchange.state.google);
    const auto order = object_in(exchange.request.body);
    if (!order) return bad_order("the body is no JSON object");
    if (order->contains("make")) {
        const auto file = make_google_file(exchange.state, *order);
        return file ? json_response(200, *file) : bad_order(file.error());
    }
    const auto name = text_in(*order, "do");
    const auto* deed = std::ranges::find(deeds, name, &Deed::name);
    if (deed == deeds.end()) return bad_order("there is nothing to do like '" + name + "'");
    deed->act(exchange, *order);
    return tell(exchange.state.google);
}

object google_announcement(const State& state) {
    const std::string& origin = state.settings.origin;
    return {{"project", google_project},
            {"project_number", google_project_number},
            {"token", origin + "/google/token"},
            {"revoke", origin + "/google/revoke"},
            {"tokeninfo", origin + "/google/tokeninfo"},
            {"sts", origin + "/google/v1/token"},
            {"iam", origin + "/google"},
            {"metadata", origin.substr(origin.find("//") + 2)},
            {"vertex", origin + "/v1"},
            {"target", google_email("target")},
            {"instance", google_email(google_instance_account)},
            {"workload_audience", oidc_audience},
            {"aws_audience", aws_audience},
            {"workforce_audience", workforce_audience},
            {"control", origin + "/_sandbox/google"}};
}

}  // namespace hearth::sandbox
