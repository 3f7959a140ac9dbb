#include "providers/google/tokens.hpp"

#include <utility>

#include "providers/google/authorized_user.hpp"
#include "providers/google/external_account.hpp"
#include "providers/google/impersonation.hpp"
#include "providers/google/metadata.hpp"
#include "providers/google/service_account.hpp"

namespace hearth::providers::google {
namespace {

// One overload for each kind of credentials.
class Getter {
  public:
    Getter(const Credentials& credentials, const Wanted& wanted, const Outside& outside,
           const std::stop_token& stop)
        : credentials_(credentials), wanted_(wanted), outside_(outside), stop_(stop) {}

    TokenResult operator()(const AuthorizedUser& user) const {
        return authorized_user_token(user, wanted_, outside_, stop_);
    }
    TokenResult operator()(const ServiceAccount& account) const {
        return service_account_token(account, wanted_, credentials_.place, outside_, stop_);
    }
    TokenResult operator()(const ExternalAccount& account) const {
        return external_account_token(account, wanted_, credentials_.place, outside_, stop_);
    }
    TokenResult operator()(const ExternalAccountAuthorizedUser& user) const {
        return external_user_token(user, outside_, stop_);
    }
    TokenResult operator()(const ImpersonatedServiceAccount& account) const {
        const Wanted of_source{
            .scopes = {cloud_platform}, .id_token_audience = {}, .jwt_audience = {}, .subject = {}};
        auto source = token_of(*account.source, of_source, outside_, stop_);
        if (!source) return source;
        auto token =
            impersonated_token(account.impersonation, source->value, wanted_, outside_, stop_);
        if (token) token->refresh_token = std::move(source->refresh_token);
        return token;
    }
    TokenResult operator()(const GdchServiceAccount& account) const {
        return gdch_token(account, wanted_, credentials_.place, outside_, stop_);
    }
    TokenResult operator()(const MetadataServer& server) const {
        return metadata_token(server, wanted_, outside_, stop_);
    }

  private:
    const Credentials& credentials_;
    const Wanted& wanted_;
    const Outside& outside_;
    const std::stop_token& stop_;
};

}  // namespace

TokenResult token_of(const Credentials& credentials, const Wanted& wanted, const Outside& outside,
                     const std::stop_token& stop) {
    return std::visit(Getter(credentials, wanted, outside, stop), credentials.kind);
}

}  // namespace hearth::providers::google
