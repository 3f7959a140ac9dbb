#include "simulation/account.hpp"

#include "simulation/wire.hpp"

namespace hearth::simulation {

using namespace std::chrono_literals;

Account::Account(Process& process, Issuer& issuer, Http& http, Random& random)
    : process_(process),
      issuer_(issuer),
      oidc_(providers::Ports{.http = http,
                             .clock = process.host(),
                             .random = random,
                             .callbacks = callbacks_,
                             .waiter = waiter_}) {}

Result<Session> Account::sign_in(const Profile& profile,
                                 const providers::SignInOptions& /*options*/,
                                 providers::Person& person, std::stop_token stop) {
    auto& scene = process_.scene();
    person.show(providers::OpenBrowser{"https://issuer.test/authorize"});
    process_.rest(scene.dice.between(1s, 3min));
    if (stop.stop_requested() || scene.dice.chance(scene.climate.person_gives_up)) {
        scene.reached(Reached::sign_in_cancelled);
        return std::unexpected(Error{Remedy::failed, "cancelled", ""});
    }
    const auto requested = process_.host().now();
    process_.rest(scene.dice.between(2ms, 300ms));
    if (Wire::away(process_.host(), scene) || scene.dice.chance(scene.climate.reply_lost))
        return std::unexpected(Error{Remedy::unreachable, "issuer.test: no answer", ""});
    const auto issued = issuer_.begin({process_.host().number(), profile.session.text()},
                                      process_.host().person, requested);
    Session session;
    session.provider = "oidc";
    session.issuer = profile.issuer;
    session.client_id = profile.client_id;
    session.client_auth = "none";
    session.token_endpoint = "https://issuer.test/token";
    session.revocation_endpoint = "https://issuer.test/revoke";
    session.access_token = Secret(access_name(issued.access));
    if (scene.dice.chance(0.05)) {
        scene.reached(Reached::no_refresh_token);
    } else {
        session.refresh_token = Secret(refresh_name(issued.refresh.value()));
    }
    session.lifespan = Lifespan{requested, issuer_.access(issued.access).lifetime};
    session.account.subject = process_.host().person;
    scene.trace.note(process_.name(), "is given ", access_name(issued.access), " for ",
                     process_.host().person);
    return session;
}

}  // namespace hearth::simulation
