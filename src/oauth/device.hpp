// Device authorization (RFC 8628).
#pragma once

#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/clock.hpp"
#include "core/http.hpp"
#include "core/scope.hpp"
#include "oauth/client.hpp"
#include "oauth/token_endpoint.hpp"
#include "oauth/waiter.hpp"

namespace hearth::oauth {

struct DeviceAuthorization {
    Secret device_code;
    std::string user_code;
    std::string verification_uri;
    std::string verification_uri_complete;  // May be empty.
    Span expires_in{};
    Span interval = std::chrono::seconds(5);
};

// As a server gave it, made fit to be shown and asked with: it is never asked without a pause, and
// nobody is sent to a page that is neither https nor on loopback. Remedy::failed without a code.
Result<DeviceAuthorization> fit_to_show(DeviceAuthorization authorization);

// Calls `ask` until the person has decided, at most `limit` long and never faster than the server
// allows. Remedy::sign_in when the person refused or the code ran out.
Result<TokenReply> await_approval(const DeviceAuthorization& authorization, Span limit,
                                  const Clock& clock, Waiter& waiter,
                                  const std::function<TokenAnswer()>& ask,
                                  const std::stop_token& stop);

struct DeviceRequest {
    std::string device_endpoint;
    std::string token_endpoint;
    Scopes scopes;
    std::vector<std::string> resources;
};

class DeviceFlow {
  public:
    DeviceFlow(Http& http, const Clock& clock, Waiter& waiter) noexcept
        : http_(http), clock_(clock), waiter_(waiter), tokens_(http, clock) {}

    // Asks for a code to show to the person.
    Result<DeviceAuthorization> begin(const DeviceRequest& request, const Client& client,
                                      const std::stop_token& stop);
    // Asks for the token as `await_approval` does.
    Result<TokenReply> await(const DeviceRequest& request, const Client& client,
                             const DeviceAuthorization& authorization, Span limit,
                             const std::stop_token& stop);

  private:
    Http& http_;
    const Clock& clock_;
    Waiter& waiter_;
    TokenEndpoint tokens_;
};

}  // namespace hearth::oauth
