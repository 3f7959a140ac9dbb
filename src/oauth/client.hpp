#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/http.hpp"
#include "hearth/error.hpp"
#include "oauth/form.hpp"

namespace hearth::oauth {

// How a client proves who it is at the server (RFC 6749 section 2.3.1).
enum class ClientAuth : std::uint8_t { none, basic, post };
std::string_view to_string(ClientAuth auth) noexcept;
// The names of RFC 7591; empty is `none` without a secret and `basic` with one. Remedy::usage for
// others.
Result<ClientAuth> parse_client_auth(std::string_view text, bool has_secret);

struct Client {
    std::string id;
    std::optional<Secret> secret;
    ClientAuth auth = ClientAuth::none;
};

// A POST of the form with the client's identity in the place that its method wants.
HttpRequest form_request(const std::string& url, const Client& client, Form& form);

}  // namespace hearth::oauth
