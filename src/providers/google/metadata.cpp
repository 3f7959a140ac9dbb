#include "providers/google/metadata.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/url.hpp"
#include "oauth/endpoint.hpp"
#include "oauth/form.hpp"
#include "oauth/token_reply.hpp"
#include "providers/google/token_claims.hpp"
#include "providers/google/token_failures.hpp"

namespace hearth::providers::google {
namespace {

using namespace std::chrono_literals;
using Kind = TokenFailure::Kind;

// The server is on the machine, and may have to ask another one for a token.
constexpr Span patience = 5s;
constexpr const char* base_path = "/computeMetadata/v1/";
constexpr const char* account_path = "instance/service-accounts/default/";
constexpr const char* flavor = "Metadata-Flavor";

struct Answer {
    HttpResponse response;
    Instant before;
    std::optional<Span> server_skew;
};

constexpr const char* where_there_is_none =
    "on a machine that is not Google's, name a credential file by credentials_file, or sign in: "
    "gcloud auth application-default login";

std::string_view trimmed(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t\r\n";
    const auto from = text.find_first_not_of(blanks);
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

// By plain http only what is no further away than the machine's own services.
Result<std::string> address_of(const MetadataServer& server, const std::string& path) {
    auto url = "http://" + server.host + base_path + path;
    const auto parsed = Url::parse(url);
    if (!parsed)
        return std::unexpected(Error{Remedy::usage, "the metadata server's address is no HOST:PORT",
                                     "check GCE_METADATA_HOST"});
    if (parsed->loopback() || parsed->machine_service()) return url;
    return std::unexpected(
        Error{Remedy::refused,
              "no metadata server is asked for tokens at " + parsed->host() +
                  ", which may be on another machine",
              "take GCE_METADATA_HOST away, or set it to an address of this machine"});
}

std::string who(const MetadataServer& server) { return "the metadata server at " + server.host; }

// Any answer of a server that is one.
std::expected<Answer, TokenFailure> ask(const MetadataServer& server, const std::string& path,
                                        const Outside& outside, const std::stop_token& stop) {
    auto url = address_of(server, path);
    if (!url) return not_asked(std::move(url).error());
    const auto before = outside.clock.now().wall;
    auto response = outside.http.send(
        {.url = *std::move(url), .headers = {{flavor, "Google"}}, .body = {}, .timeout = patience},
        stop);
    if (!response) {
        auto failure = std::move(response).error();
        failure.error.remedy = Remedy::unreachable;
        failure.error.hint = where_there_is_none;
        return no_answer(std::move(failure));
    }
    if (response->header(flavor) != "Google")
        return refused({Remedy::unreachable,
                        "what answers at " + server.host + " is no metadata server of Google's",
                        where_there_is_none});
    const auto skew = oauth::server_skew(*response, before, outside.clock.now().wall);
    return Answer{.response = *std::move(response), .before = before, .server_skew = skew};
}

// Some servers tell why in plain text.
std::string reason_in(const HttpResponse& response) {
    if (!response.header("Content-Type").starts_with("text/plain")) return {};
    const auto text = oauth::printable(trimmed(response.body.reveal()), 300);
    return text.empty() ? text : " (" + text + ")";
}

std::unexpected<TokenFailure> not_given(const MetadataServer& server, const Answer& answer,
                                        Instant now) {
    const auto status = answer.response.status;
    auto failure =
        status == 404
            ? answered(answer.response, who(server) + " has no service account for this machine",
                       "give the instance a service account, or the workload one", now)
            : answered(
                  answer.response,
                  who(server) + " answered " + std::to_string(status) + reason_in(answer.response),
                  "", now);
    failure.error().server_skew = answer.server_skew;
    return failure;
}

std::string joined(const std::vector<std::string>& scopes) {
    std::string list;
    for (const auto& one : scopes) list += (list.empty() ? "" : ",") + one;
    return list;
}

bool is_json(const HttpResponse& response) {
    const auto type = response.header("Content-Type");
    return trimmed(type.substr(0, type.find(';'))) == "application/json";
}

std::unexpected<TokenFailure> odd(const MetadataServer& server, std::string_view what) {
    return refused(
        {Remedy::failed, who(server) + " " + std::string(what), "check what serves that address"});
}

TokenResult access_token(const MetadataServer& server, const Wanted& wanted, const Outside& outside,
                         const std::stop_token& stop) {
    const auto path =
        account_path + std::string("token?scopes=") + oauth::form_encoded(joined(wanted.scopes));
    const auto answer = ask(server, path, outside, stop);
    if (!answer) return std::unexpected(answer.error());
    if (answer->response.status != 200) return not_given(server, *answer, outside.clock.now().wall);
    if (!is_json(answer->response)) return odd(server, "did not answer with JSON");
    auto reply = oauth::read_token_reply(answer->response, {});
    if (!reply) return odd(server, reply.error().what);
    const auto lifetime = reply->expires_in.value_or(Span{});
    if (lifetime <= Span{}) return odd(server, "answered without how long the token is good");
    return Token{.value = std::move(reply->access_token),
                 .lifetime = lifetime,
                 .refresh_token = std::nullopt,
                 .server_skew = answer->server_skew};
}

TokenResult id_token(const MetadataServer& server, const Wanted& wanted, const Outside& outside,
                     const std::stop_token& stop) {
    const auto path = account_path + std::string("identity?audience=") +
                      oauth::form_encoded(wanted.id_token_audience) + "&format=full";
    const auto answer = ask(server, path, outside, stop);
    if (!answer) return std::unexpected(answer.error());
    if (answer->response.status != 200) return not_given(server, *answer, outside.clock.now().wall);
    const auto text = trimmed(answer->response.body.reveal());
    const auto claims = claims_in(text);
    const bool sendable = std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F; });
    if (!claims || !claims->expires_at || !sendable)
        return odd(server, "answered something that is no ID token");
    const auto lifetime = lifetime_until(*claims->expires_at, answer->response, answer->before);
    if (lifetime <= Span{}) return odd(server, "answered with an ID token that has expired");
    return Token{.value = Secret(text),
                 .lifetime = lifetime,
                 .refresh_token = std::nullopt,
                 .server_skew = answer->server_skew};
}

}  // namespace

TokenResult metadata_token(const MetadataServer& server, const Wanted& wanted,
                           const Outside& outside, const std::stop_token& stop) {
    if (auto possible = check_possible(wanted, "the metadata server"); !possible)
        return not_asked(std::move(possible).error());
    if (wanted.id_token_audience.empty()) return access_token(server, wanted, outside, stop);
    return id_token(server, wanted, outside, stop);
}

Result<std::string> metadata_text(const MetadataServer& server, const std::string& path,
                                  const Outside& outside, const std::stop_token& stop) {
    const auto answer = ask(server, path, outside, stop);
    if (!answer) return std::unexpected(answer.error().error);
    const auto& response = answer->response;
    if (response.status == 200) return oauth::printable(trimmed(response.body.reveal()), 4096);
    return std::unexpected(Error{passes(response.status) ? Remedy::unreachable : Remedy::failed,
                                 who(server) + " answered " + std::to_string(response.status) +
                                     " to the question for " + path,
                                 ""});
}

}  // namespace hearth::providers::google
