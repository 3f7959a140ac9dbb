#include "sandbox/state.hpp"

#include "sandbox/account.hpp"
#include "sandbox/encoding.hpp"

namespace hearth::sandbox {

State::State(Settings given)
    : settings(std::move(given)),
      grants(settings.lifetimes),
      devices(settings.devices),
      aws(settings.aws),
      google(settings.google) {
    for (auto& client : preregistered_clients(settings.origin, settings.redirect_uris))
        clients.add(std::move(client));
    for (int count = 0; count < 2; ++count) api_keys.push_back("sk-ant-api03-" + random_token(40));
    federation.organization = tenant_of({}, {}).organization;
    federation.lifetime = settings.lifetimes.access;
}

}  // namespace hearth::sandbox
