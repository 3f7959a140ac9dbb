#include "sandbox/cloud.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/url/parse.hpp>

#include "sandbox/claude_words.hpp"
#include "sandbox/redirect.hpp"
#include "sandbox/routes.hpp"

namespace hearth::sandbox {

namespace {

using Kind = Misbehaviour::Kind;

bool claude_path(std::string_view path) {
    return path.starts_with("/v1/") || path.starts_with("/api/") || path.starts_with("/oauth/");
}

// The grant type of a token request, in whichever form it came.
std::string grant_of(const Request& request) {
    if (!request.declares("application/json")) {
        const auto form = Parameters::parse(request.body);
        return form ? form->one("grant_type") : std::string();
    }
    boost::system::error_code error;
    const auto body = boost::json::parse(request.body, error);
    const auto* object = error ? nullptr : body.if_object();
    const auto* type = object == nullptr ? nullptr : object->if_contains("grant_type");
    return type != nullptr && type->is_string() ? std::string(type->get_string()) : std::string();
}

std::vector<std::string_view> names_of(const Route& route, const Request& request) {
    std::vector<std::string_view> names = {route.endpoint};
    if (route.endpoint == "token" && grant_of(request) == grant::refresh)
        names.emplace_back("refresh");
    return names;
}

const Misbehaviour* find_kind(const Faults::Taken& faults, Kind kind) {
    const auto found = std::ranges::find(faults.behaviours, kind, &Misbehaviour::kind);
    return found == faults.behaviours.end() ? nullptr : &*found;
}

// Keeps pages from elsewhere out: a name that was rebound to this machine, and scripts of other
// origins.
std::optional<Response> turned_away(const Request& request) {
    if (!loopback_host(request.header("Host")))
        return error_response(
            {"invalid_request", "this server is reached by a loopback address only", 421});
    const auto origin = request.header("Origin");
    if (origin.empty() || request.method == "GET") return std::nullopt;
    const auto url = boost::urls::parse_uri(origin);
    if (!url || !loopback_host(std::string_view(url->encoded_host())))
        return error_response({"access_denied", "pages of other origins are not answered", 403});
    return std::nullopt;
}

std::string_view claude_type(int status) {
    if (status == 429) return "rate_limit_error";
    return status == 503 || status == 529 ? "overloaded_error" : "api_error";
}

Response failing(const Request& request, int status) {
    constexpr std::string_view why = "the sandbox was told to fail";
    if (claude_path(request.path) && request.path != "/v1/oauth/token")
        return claude_error(status, claude_type(status), why);
    const bool later = status == 429 || status == 503;
    return json_response(status, {{"error", later ? "temporarily_unavailable" : "server_error"},
                                  {"error_description", why}});
}

// The answer of a fault that keeps the request from having an effect.
std::optional<Answer> instead(const Request& request, const Faults::Taken& faults) {
    if (find_kind(faults, Kind::drop_before) != nullptr)
        return Answer{empty_response(500),
                      {.cut = Delivery::Cut::before_answer, .delay = {}, .date_skew = {}}};
    if (find_kind(faults, Kind::invalid_grant) != nullptr)
        return Answer{error_response({"invalid_grant", "the sandbox was told to say so"}), {}};
    if (find_kind(faults, Kind::garbage) != nullptr) {
        Response response;
        response.with("Content-Type", "application/json").body = "<html>{not \"json\": at all";
        return Answer{std::move(response), {}};
    }
    const auto* status = find_kind(faults, Kind::status);
    const auto* retry_after = find_kind(faults, Kind::retry_after);
    if (status == nullptr && retry_after == nullptr) return std::nullopt;
    auto response = failing(request, status == nullptr ? 429 : static_cast<int>(status->amount));
    if (retry_after != nullptr) response.with("Retry-After", std::to_string(retry_after->amount));
    return Answer{std::move(response), {}};
}

// What faults do to an answer on its way out.
void spoil(Answer& answer, const Faults::Taken& faults) {
    if (const auto* type = find_kind(faults, Kind::content_type))
        answer.response.with("Content-Type", type->text);
    if (const auto* skew = find_kind(faults, Kind::skew))
        answer.delivery.date_skew = seconds(skew->amount);
    if (const auto* delay = find_kind(faults, Kind::delay_answer))
        answer.delivery.delay = milliseconds(delay->amount);
    if (find_kind(faults, Kind::truncate) != nullptr) answer.delivery.cut = Delivery::Cut::in_body;
    if (find_kind(faults, Kind::drop_after) != nullptr)
        answer.delivery.cut = Delivery::Cut::before_answer;
}

Response wrong_method(const Route& route) {
    std::string allowed;
    for (const auto method : route.methods)
        allowed += (allowed.empty() ? "" : ", ") + std::string(method);
    return error_response({"invalid_request", "the method is not allowed here", 405})
        .with("Allow", allowed);
}

}  // namespace

Admission Cloud::admit(const Request& request) {
    Admission admission;
    if (turned_away(request)) return admission;
    admission.route = find_route(request.path);
    if (admission.route == nullptr) return admission;
    const auto names = names_of(*admission.route, request);
    for (const auto name : names) state_->records.count(name);
    if (admission.route->endpoint == "control") return admission;
    admission.faults = state_->faults.take(names);
    if (const auto* delay = find_kind(admission.faults, Kind::delay))
        admission.delay = milliseconds(delay->amount);
    return admission;
}

Answer Cloud::answer(const Request& request, const Admission& admission, Instant now) {
    if (auto refusal = turned_away(request)) return {*std::move(refusal), {}};
    const Route* route = admission.route;
    if (route == nullptr) return {error_response({"not_found", "there is nothing here", 404}), {}};
    if (std::ranges::find(route->methods, request.method) == route->methods.end())
        return {wrong_method(*route), {}};

    Exchange exchange{*state_, request, now};
    exchange.record.at = now;
    exchange.record.face = claude_path(request.path) ? "claude" : "standard";
    exchange.record.faults = admission.faults.specs;
    auto replacement = instead(request, admission.faults);
    if (replacement) {
        exchange.record.grant = grant_of(request);
        exchange.record.outcome = "not_processed";
    }
    Answer answer = replacement ? *std::move(replacement) : Answer{route->handle(exchange), {}};
    spoil(answer, admission.faults);
    if (route->endpoint == "token") state_->records.add(std::move(exchange.record));
    return answer;
}

}  // namespace hearth::sandbox
