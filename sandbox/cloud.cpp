#include "sandbox/cloud.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <boost/url/parse.hpp>

#include "sandbox/aws_answers.hpp"
#include "sandbox/aws_endpoints.hpp"
#include "sandbox/claude_words.hpp"
#include "sandbox/google_answers.hpp"
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
    if (object != nullptr && type == nullptr) type = object->if_contains("grantType");
    return type != nullptr && type->is_string() ? std::string(type->get_string()) : std::string();
}

// Whether requests to it are kept one by one.
bool keeps_tokens(const Route& route) {
    return route.endpoint == "token" || route.endpoint == "sso-token";
}

bool renews_tokens(const Route& route) {
    return keeps_tokens(route) || route.endpoint == "google_token" ||
           route.endpoint == "google_sts";
}

std::string_view face_of(const Request& request) {
    if (aws_path(request.path)) return "aws";
    if (google_path(request.path)) return "google";
    return claude_path(request.path) ? "claude" : "standard";
}

std::vector<std::string_view> names_of(const Route& route, const Request& request) {
    std::vector<std::string_view> names = {route.endpoint};
    if (renews_tokens(route) && grant_of(request) == grant::refresh) names.emplace_back("refresh");
    const auto action = aws_path(request.path) ? aws_action(route, request) : std::string_view{};
    if (!action.empty()) names.push_back(action);
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

Response failing(Exchange& exchange, int status) {
    const Request& request = exchange.request;
    if (aws_path(request.path)) return aws_failure(exchange, status);
    if (google_path(request.path)) return google_failure(request, status);
    constexpr std::string_view why = "the sandbox was told to fail";
    if (claude_path(request.path) && request.path != "/v1/oauth/token")
        return claude_error(status, claude_type(status), why);
    const bool later = status == 429 || status == 503;
    return json_response(status, {{"error", later ? "temporarily_unavailable" : "server_error"},
                                  {"error_description", why}});
}

// What was shown is no good any more.
Response denial(Exchange& exchange) {
    if (aws_path(exchange.request.path)) return aws_expired(exchange);
    if (google_path(exchange.request.path)) return google_denial(exchange.request);
    return error_response({"invalid_grant", "the sandbox was told to say so"});
}

// The answer of a fault that keeps the request from having an effect.
std::optional<Answer> instead(Exchange& exchange, const Faults::Taken& faults) {
    if (find_kind(faults, Kind::drop_before) != nullptr)
        return Answer{empty_response(500),
                      {.cut = Delivery::Cut::before_answer, .delay = {}, .date_skew = {}}};
    if (find_kind(faults, Kind::invalid_grant) != nullptr) return Answer{denial(exchange), {}};
    if (find_kind(faults, Kind::garbage) != nullptr) {
        Response response;
        response.with("Content-Type", "application/json").body = "<html>{not \"json\": at all";
        return Answer{std::move(response), {}};
    }
    const auto* status = find_kind(faults, Kind::status);
    const auto* retry_after = find_kind(faults, Kind::retry_after);
    if (status == nullptr && retry_after == nullptr) return std::nullopt;
    auto response = failing(exchange, status == nullptr ? 429 : static_cast<int>(status->amount));
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

void keep_aws_record(Exchange& exchange, const Route& route) {
    AwsRecord& record = exchange.aws;
    record.at = exchange.record.at;
    record.endpoint = route.endpoint;
    record.action = aws_action(route, exchange.request);
    if (record.outcome.empty()) record.outcome = "answered";
    record.faults = exchange.record.faults;
    exchange.state.aws.records.push_back(std::move(record));
}

void keep_google_record(Exchange& exchange, const Route& route) {
    GoogleRecord& record = exchange.google;
    record.at = exchange.record.at;
    record.endpoint = route.endpoint;
    if (record.outcome.empty()) record.outcome = "answered";
    record.faults = exchange.record.faults;
    exchange.state.google.records.push_back(std::move(record));
}

// How far the clock of the face is ahead of the machine's.
seconds clock_offset(const State& state, const Request& request) {
    if (aws_path(request.path)) return state.aws.rules.clock_offset;
    return google_path(request.path) ? state.google.rules.clock_offset : seconds(0);
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

    const auto offset = clock_offset(*state_, request);
    Exchange exchange{*state_, request, now + offset};
    exchange.record.at = now;
    exchange.record.face = face_of(request);
    exchange.record.faults = admission.faults.specs;
    auto replacement = instead(exchange, admission.faults);
    if (replacement) {
        exchange.record.grant = grant_of(request);
        exchange.record.outcome = "not_processed";
        exchange.aws.outcome = "not_processed";
        exchange.google.outcome = "not_processed";
    }
    Answer answer = replacement ? *std::move(replacement) : Answer{route->handle(exchange), {}};
    answer.delivery.date_skew = offset;
    spoil(answer, admission.faults);
    if (google_metadata_path(request.path)) flavored(answer.response);
    if (aws_path(request.path)) keep_aws_record(exchange, *route);
    if (google_path(request.path)) keep_google_record(exchange, *route);
    if (keeps_tokens(*route)) state_->records.add(std::move(exchange.record));
    return answer;
}

}  // namespace hearth::sandbox
