#include "oauth/revocation.hpp"

#include "core/try.hpp"
#include "oauth/endpoint.hpp"
#include "oauth/exchange.hpp"
#include "oauth/token_reply.hpp"

namespace hearth::oauth {
namespace {

enum class Ending : std::uint8_t { revoked, not_this_kind };

Result<Ending> revoke_one(Http& http, const std::string& url, const Client& client,
                          const Secret& token, std::string_view kind, const std::stop_token& stop) {
    Form form;
    form.add("token", token).add("token_type_hint", kind);
    const auto response = http.send(form_request(url, client, form), stop);
    if (!response) return std::unexpected(response.error().error);
    // Section 2.2: 200 also for a token that is unknown.
    if (response->status >= 200 && response->status <= 299) return Ending::revoked;
    if (ErrorReply::read(*response, form.secrets()).code == "unsupported_token_type") {
        return Ending::not_this_kind;
    }
    return std::unexpected(not_done(*response, url, "the revocation endpoint", form.secrets()));
}

}  // namespace

Result<> revoke(Http& http, const std::string& revocation_endpoint, const Client& client,
                const Secret* refresh_token, const Secret& access_token,
                const std::stop_token& stop) {
    HEARTH_CHECK(endpoint("the revocation endpoint", revocation_endpoint));
    if (refresh_token != nullptr) {
        const auto ending = HEARTH_TRY(
            revoke_one(http, revocation_endpoint, client, *refresh_token, "refresh_token", stop));
        if (ending == Ending::revoked) return {};
    }
    if (access_token.empty()) return {};
    // A server that revokes neither kind leaves the token to its expiry, and nothing more can be
    // done.
    HEARTH_CHECK(revoke_one(http, revocation_endpoint, client, access_token, "access_token", stop));
    return {};
}

}  // namespace hearth::oauth
