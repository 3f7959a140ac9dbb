#include "sandbox/banner.hpp"

#include <fmt/format.h>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "sandbox/aws_endpoints.hpp"
#include "sandbox/google_endpoints.hpp"

namespace hearth::sandbox {

std::string announcement(const State& state, std::uint16_t port, int pid) {
    const std::string& origin = state.settings.origin;
    const boost::json::array keys(state.api_keys.begin(), state.api_keys.end());
    return boost::json::serialize(boost::json::object{
        {"pid", pid},
        {"port", port},
        {"issuer", origin},
        {"authorize", origin + "/authorize"},
        {"token", origin + "/token"},
        {"device", origin + "/device_authorization"},
        {"verification", origin + "/device"},
        {"register",
         state.settings.registration ? boost::json::value(origin + "/register") : nullptr},
        {"revoke", origin + "/revoke"},
        {"introspect", origin + "/introspect"},
        {"userinfo", origin + "/userinfo"},
        {"jwks", origin + "/jwks"},
        {"console_url", origin},
        {"base_url", origin},
        {"claude_authorize", origin + "/oauth/authorize"},
        {"claude_token", origin + "/v1/oauth/token"},
        {"profile_url", origin + "/api/oauth/profile"},
        {"manual_redirect_uri", origin + "/oauth/code/callback"},
        {"messages", origin + "/v1/messages"},
        {"models", origin + "/v1/models"},
        {"records", origin + "/_sandbox/records"},
        {"faults", origin + "/_sandbox/faults"},
        {"expire", origin + "/_sandbox/expire"},
        {"revoke_families", origin + "/_sandbox/revoke-families"},
        {"client_id", "sandbox"},
        {"secret_client_id", "sandbox-secret"},
        {"secret_client_secret", state.clients.find("sandbox-secret")->secret},
        {"api_keys", keys},
        {"aws", aws_announcement(state)},
        {"google", google_announcement(state)}});
}

std::string banner(const State& state) {
    return fmt::format(
        "hearth-sandbox: a private cloud on this machine. Nothing in it is real.\n\n"
        "  issuer       {0}\n"
        "  clients      sandbox (public), sandbox-secret (its secret: --json)\n"
        "  Claude face  console_url and base_url {0}\n"
        "  AWS face     {0}/aws/sts, oidc, portal, bedrock (keys and roles: --json)\n"
        "  Google face  {0}/google/token, v1/token; metadata, Vertex (files: POST "
        "/_sandbox/google)\n"
        "  devices      {0}/device\n"
        "  records      {0}/_sandbox/records\n\n"
        "  access tokens live {1} s{2}; ctrl-C ends it\n",
        state.settings.origin, state.settings.lifetimes.access.count(),
        state.settings.auto_approve ? "; everything is approved at once" : "");
}

}  // namespace hearth::sandbox
