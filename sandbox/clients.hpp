// The programs that may ask this server for tokens.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/jose.hpp"
#include "sandbox/message.hpp"
#include "sandbox/parameters.hpp"

namespace hearth::sandbox {

namespace grant {
inline constexpr std::string_view code = "authorization_code";
inline constexpr std::string_view refresh = "refresh_token";
inline constexpr std::string_view device = "urn:ietf:params:oauth:grant-type:device_code";
}  // namespace grant

struct Client {
    std::string id;
    std::string name;
    std::string secret;  // Empty: a public client.
    // What the token endpoint takes from it: none, client_secret_basic, client_secret_post.
    std::vector<std::string> methods = {"none"};
    std::vector<std::string> redirect_uris;
    std::vector<std::string> grants = {std::string(grant::code), std::string(grant::refresh),
                                       std::string(grant::device)};
    Algorithm id_token_algorithm = Algorithm::rs256;

    [[nodiscard]] bool confidential() const noexcept { return !secret.empty(); }
    [[nodiscard]] bool may(std::string_view grant_type) const { return holds(grants, grant_type); }
    [[nodiscard]] bool redirects_to(std::string_view uri) const;
};

// What a client shows of itself in a Basic header.
struct ShownClient {
    std::string id;
    std::string secret;
};
// RFC 6749 section 2.3.1: id and secret are form-encoded before they are joined by a colon. Nothing
// where the header is another one.
std::optional<ShownClient> basic_client(std::string_view header);

// References to clients stay valid: none is ever removed.
class Clients {
  public:
    const Client& add(Client client);
    [[nodiscard]] const Client* find(std::string_view id) const;
    // RFC 6749 section 2.3: one method of authentication, the one registered; a public client only
    // names itself.
    [[nodiscard]] Outcome<const Client*> authenticate(const Request& request,
                                                      const Parameters& form) const;

  private:
    std::deque<Client> clients_;
};

// `sandbox`, a native app without a secret, and `sandbox-secret`, which has one. `origin` is the
// server's own.
std::vector<Client> preregistered_clients(const std::string& origin,
                                          const std::vector<std::string>& more_redirects);

}  // namespace hearth::sandbox
