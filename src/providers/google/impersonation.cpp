#include "providers/google/impersonation.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "json/document.hpp"
#include "json/object_writer.hpp"
#include "oauth/endpoint.hpp"
#include "oauth/token_reply.hpp"
#include "providers/google/impersonation_failure.hpp"
#include "providers/google/token_claims.hpp"
#include "providers/google/token_failures.hpp"

namespace hearth::providers::google {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view access_method = "generateAccessToken";
constexpr std::string_view id_method = "generateIdToken";
// Of an ID token, whatever it says of itself.
constexpr Span longest_id_token = 1h;

// "projects/-/serviceAccounts/EMAIL", whichever way they are written.
std::vector<std::string> resource_names(const std::vector<std::string>& delegates) {
    std::vector<std::string> names;
    names.reserve(delegates.size());
    for (const auto& one : delegates)
        names.push_back(one.contains('/') ? one : "projects/-/serviceAccounts/" + one);
    return names;
}

Secret access_body(const Impersonation& impersonation, const Wanted& wanted) {
    json::ObjectWriter body;
    if (!impersonation.delegates.empty())
        body.texts("delegates", resource_names(impersonation.delegates));
    body.texts("scope", impersonation.scopes.empty() ? wanted.scopes : impersonation.scopes)
        .text("lifetime", std::to_string(impersonation.lifetime.count()) + "s");
    return body.take();
}

// With the e-mail in it, which is what services that take ID tokens look at.
Secret id_body(const Impersonation& impersonation, const Wanted& wanted) {
    json::ObjectWriter body;
    if (!impersonation.delegates.empty())
        body.texts("delegates", resource_names(impersonation.delegates));
    body.text("audience", wanted.id_token_audience).object("includeEmail", Secret("true"));
    return body.take();
}

struct Answer {
    HttpResponse response;
    Instant before;
    std::optional<Span> server_skew;
};

class Call {
  public:
    Call(const Impersonation& impersonation, const Secret& source_token, const Outside& outside)
        : impersonation_(impersonation), source_token_(source_token), outside_(outside) {}

    // `method` stands at the end of the URL, where a file always has the one for access tokens.
    [[nodiscard]] std::expected<Answer, TokenFailure> make(std::string_view method, Secret body,
                                                           const std::stop_token& stop) const {
        auto url = impersonation_.url;
        if (!url.ends_with(":" + std::string(access_method)))
            return not_asked({Remedy::usage,
                              "service_account_impersonation_url does not end with :" +
                                  std::string(access_method),
                              "take it as Google's tools write it"});
        url.replace(url.size() - access_method.size(), access_method.size(), method);
        if (auto allowed = oauth::endpoint("service_account_impersonation_url", url); !allowed)
            return not_asked(std::move(allowed).error());
        const auto before = outside_.clock.now().wall;
        auto response = outside_.http.send(
            {.method = "POST",
             .url = url,
             .headers = {{"Authorization", "Bearer " + std::string(source_token_.reveal())},
                         {"Content-Type", "application/json"},
                         {"Accept", "application/json"}},
             .body = std::move(body)},
            stop);
        if (!response) return no_answer(std::move(response).error());
        const auto after = outside_.clock.now().wall;
        const auto skew = oauth::server_skew(*response, before, after);
        if (response->status == 200)
            return Answer{.response = *std::move(response), .before = before, .server_skew = skew};
        std::vector<Secret> secrets;
        secrets.push_back(source_token_.clone());
        auto failure = impersonation_failure(impersonation_, method, *response, secrets, after);
        failure.server_skew = skew;
        return std::unexpected(std::move(failure));
    }

  private:
    const Impersonation& impersonation_;
    const Secret& source_token_;
    const Outside& outside_;
};

bool sendable(const Secret& token) {
    return std::ranges::all_of(token.reveal(), [](char c) { return c > 0x20 && c < 0x7F; });
}

TokenResult token_in(const Answer& answer, std::optional<Secret> token, std::optional<Instant> end,
                     Span longest) {
    if (!token || !sendable(*token) || !end)
        return refused({Remedy::failed,
                        "the IAM Credentials API answered without a token or without when it ends",
                        "check service_account_impersonation_url"});
    const auto lifetime = std::min(lifetime_until(*end, answer.response, answer.before), longest);
    if (lifetime <= Span{})
        return refused({Remedy::failed,
                        "the IAM Credentials API answered with a token that has expired",
                        "the clock of this machine may be wrong: hearth doctor"});
    return Token{.value = *std::move(token),
                 .lifetime = lifetime,
                 .refresh_token = std::nullopt,
                 .server_skew = answer.server_skew};
}

}  // namespace

TokenResult impersonated_token(const Impersonation& impersonation, const Secret& source_token,
                               const Wanted& wanted, const Outside& outside,
                               const std::stop_token& stop) {
    if (auto possible = check_possible(wanted, "impersonation"); !possible)
        return not_asked(std::move(possible).error());
    const Call call(impersonation, source_token, outside);
    if (wanted.id_token_audience.empty()) {
        const auto answer = call.make(access_method, access_body(impersonation, wanted), stop);
        if (!answer) return std::unexpected(answer.error());
        const auto body = json::Document::parse(answer->response.body.reveal());
        const auto end = parse_rfc3339(body ? body->text("expireTime") : "");
        return token_in(*answer, body ? body->secret("accessToken") : std::nullopt,
                        end ? std::optional(*end) : std::nullopt, impersonation.lifetime);
    }
    const auto answer = call.make(id_method, id_body(impersonation, wanted), stop);
    if (!answer) return std::unexpected(answer.error());
    const auto body = json::Document::parse(answer->response.body.reveal());
    auto token = body ? body->secret("token") : std::nullopt;
    const auto claims = token ? claims_in(token->reveal()) : std::nullopt;
    return token_in(*answer, std::move(token), claims ? claims->expires_at : std::nullopt,
                    longest_id_token);
}

std::string email_in(const std::string& impersonation_url) {
    const auto end = impersonation_url.rfind(':');
    const auto slash = impersonation_url.rfind('/');
    if (end == std::string::npos || slash == std::string::npos || end < slash) return {};
    return impersonation_url.substr(slash + 1, end - slash - 1);
}

}  // namespace hearth::providers::google
