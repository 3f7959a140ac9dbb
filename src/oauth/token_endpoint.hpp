#pragma once

#include <stop_token>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/http.hpp"
#include "oauth/client.hpp"
#include "oauth/token_reply.hpp"

namespace hearth::oauth {

// Asks token endpoints for tokens (RFC 6749 section 3.2): one request, one answer, nothing resent.
// Safe from any thread.
class TokenEndpoint {
  public:
    TokenEndpoint(Http& http, const Clock& clock) noexcept : http_(http), clock_(clock) {}

    TokenAnswer ask(const std::string& url, const Client& client, Form form,
                    const std::stop_token& stop);
    // The same for a request that is not a form. `secrets` are those in it, which no error quotes.
    TokenAnswer send(HttpRequest request, const std::vector<Secret>& secrets,
                     const std::stop_token& stop);

  private:
    Http& http_;
    const Clock& clock_;
};

// The grants of RFC 6749 sections 4.1.3 and 6 and of RFC 8628 section 3.4; the client is added by
// `ask`.
Form code_grant(const Secret& code, const Secret& verifier, const std::string& redirect_uri,
                const std::vector<std::string>& resources);
Form refresh_grant(const Secret& refresh_token, const std::vector<std::string>& resources);
Form device_grant(const Secret& device_code, const std::vector<std::string>& resources);

}  // namespace hearth::oauth
