#include "providers/google/external_account.hpp"

#include <utility>

#include "providers/google/aws_instance.hpp"
#include "providers/google/aws_subject.hpp"
#include "providers/google/certificate_subject.hpp"
#include "providers/google/executable_subject.hpp"
#include "providers/google/impersonation.hpp"
#include "providers/google/sts_exchange.hpp"
#include "providers/google/subject_token.hpp"
#include "providers/google/token_failures.hpp"

namespace hearth::providers::google {
namespace {

using namespace std::chrono_literals;

// Closer than that to the service's clock, the time was not what it refused.
constexpr Span clock_leeway = 1min;

// Shows the certificate with every request.
class CertifiedHttp final : public Http {
  public:
    CertifiedHttp(Http& http, const ClientCertificate& certificate)
        : http_(http), certificate_(certificate) {}

    std::expected<HttpResponse, HttpFailure> send(HttpRequest request,
                                                  std::stop_token stop) override {
        request.client_certificate = certificate_;
        return http_.send(std::move(request), std::move(stop));
    }

  private:
    Http& http_;
    const ClientCertificate& certificate_;
};

Result<> check_wanted(const ExternalAccount& account, const Wanted& wanted) {
    if (wanted.id_token_audience.empty() || account.impersonation)
        return check_possible(wanted, "a workload identity pool");
    return std::unexpected(
        Error{Remedy::usage,
              "a workload identity pool gives no ID tokens, and id_token_audience wants one",
              "name a service account of the pool's by impersonate"});
}

std::string verification_url(const ExternalAccount& account) {
    const auto* const source = std::get_if<AwsSource>(&account.source);
    return source == nullptr ? std::string() : source->regional_cred_verification_url;
}

// A service account of the pool's needs the scope that its API wants, and has those that are
// wanted.
TokenResult exchange(const ExternalAccount& account, const Secret& subject_token,
                     const Wanted& wanted, const Outside& outside, const std::stop_token& stop) {
    const auto scopes =
        account.impersonation ? std::vector<std::string>{cloud_platform} : wanted.scopes;
    return exchange_subject(account, subject_token, scopes, outside, stop);
}

// What the exchange gave, or the service account that it is for.
TokenResult become(const ExternalAccount& account, TokenResult exchanged, const Wanted& wanted,
                   const Outside& outside, const std::stop_token& stop) {
    if (!exchanged || !account.impersonation) return exchanged;
    return impersonated_token(*account.impersonation, exchanged->value, wanted, outside, stop);
}

// Gets a subject token where the file says, and what it is good for.
class Getter {
  public:
    Getter(const ExternalAccount& account, const Wanted& wanted, const std::string& place,
           const Outside& outside, const std::stop_token& stop)
        : account_(account), wanted_(wanted), place_(place), outside_(outside), stop_(stop) {}

    TokenResult operator()(const FileSource& source) const {
        return exchanged(subject_of_file(source, place_, outside_));
    }
    TokenResult operator()(const UrlSource& source) const {
        return exchanged(subject_of_url(source, place_, outside_, stop_));
    }
    TokenResult operator()(const ExecutableSource& source) const {
        return exchanged(subject_of_executable(source, place_, outside_));
    }
    TokenResult operator()(const AwsSource& source) const {
        const auto keys = instance_aws_keys(source, place_, outside_, stop_);
        if (!keys) return std::unexpected(keys.error());
        return exchanged_aws_token(account_, *keys, keys->region, wanted_, outside_, stop_);
    }
    TokenResult operator()(const CertificateSource& source) const {
        const auto subject = subject_of_certificate(source, place_, outside_);
        if (!subject) return std::unexpected(subject.error());
        CertifiedHttp http(outside_.http, subject->certificate);
        const Outside outside{.http = http,
                              .clock = outside_.clock,
                              .material = outside_.material,
                              .signer = outside_.signer,
                              .allow_executables = outside_.allow_executables,
                              .printed = {}};
        return exchanged_token(account_, subject->token, wanted_, outside, stop_);
    }

  private:
    [[nodiscard]] TokenResult exchanged(const SubjectResult& subject) const {
        if (!subject) return std::unexpected(subject.error());
        return exchanged_token(account_, *subject, wanted_, outside_, stop_);
    }

    const ExternalAccount& account_;
    const Wanted& wanted_;
    const std::string& place_;
    const Outside& outside_;
    const std::stop_token& stop_;
};

}  // namespace

TokenResult external_account_token(const ExternalAccount& account, const Wanted& wanted,
                                   const std::string& place, const Outside& outside,
                                   const std::stop_token& stop) {
    if (auto possible = check_wanted(account, wanted); !possible)
        return not_asked(std::move(possible).error());
    return std::visit(Getter(account, wanted, place, outside, stop), account.source);
}

TokenResult exchanged_token(const ExternalAccount& account, const Secret& subject_token,
                            const Wanted& wanted, const Outside& outside,
                            const std::stop_token& stop) {
    if (auto possible = check_wanted(account, wanted); !possible)
        return not_asked(std::move(possible).error());
    auto token = exchange(account, subject_token, wanted, outside, stop);
    return become(account, std::move(token), wanted, outside, stop);
}

TokenResult exchanged_aws_token(const ExternalAccount& account, const AwsKeys& keys,
                                const std::string& region, const Wanted& wanted,
                                const Outside& outside, const std::stop_token& stop) {
    if (auto possible = check_wanted(account, wanted); !possible)
        return not_asked(std::move(possible).error());
    const AwsKeys caller{.access_key_id = keys.access_key_id,
                         .secret_access_key = keys.secret_access_key.clone(),
                         .session_token = keys.session_token.clone(),
                         .account_id = {},
                         .region = region};
    Span correction{};
    for (bool again = false;; again = true) {
        auto subject = aws_subject(verification_url(account), caller, account.audience,
                                   outside.signer, outside.clock.now().wall + correction);
        if (!subject) return not_asked(std::move(subject).error());
        auto token = exchange(account, *subject, wanted, outside, stop);
        // The signature says when it was made, and a wrong clock makes it worthless.
        const bool refused = !token && token.error().kind == TokenFailure::Kind::refused;
        const auto skew = refused ? token.error().server_skew.value_or(Span{}) : Span{};
        if (again || std::chrono::abs(skew) < clock_leeway)
            return become(account, std::move(token), wanted, outside, stop);
        correction = skew;
    }
}

}  // namespace hearth::providers::google
