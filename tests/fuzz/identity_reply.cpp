// What platforms answer who is asked for an identity token: GitHub, Google's metadata server, AWS.
#include <array>

#include "config/keys.hpp"
#include "fuzz/target.hpp"
#include "providers/claude/identity_token.hpp"
#include "support/fake_callbacks.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_random.hpp"
#include "support/fake_waiter.hpp"
#include "support/identity_tokens.hpp"

namespace hearth::fuzz {
namespace {

constexpr std::array sources{"github", "google", "aws:eu-central-1"};

// Whoever asks has given everything that a platform wants to see.
testing::FakeIdentity& given() {
    static testing::FakeIdentity identity;
    const std::string secret(planted);
    identity.variables[{"work", "ACTIONS_ID_TOKEN_REQUEST_URL"}] = "https://job.example/token";
    for (const auto* const name : {"ACTIONS_ID_TOKEN_REQUEST_TOKEN", "AWS_ACCESS_KEY_ID",
                                   "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"})
        identity.variables[{"work", name}] = secret;
    return identity;
}

}  // namespace

void try_input(std::string_view input) {
    OneAnswer http(answer_in(input));
    const testing::FakeClock clock;
    testing::FakeRandom random;
    testing::FakeCallbacks callbacks;
    testing::FakeClock waited;
    testing::FakeWaiter waiter{waited};
    const providers::Ports ports{http, clock, random, callbacks, waiter};
    auto profile = config::untouched_profile(*Name::parse("work"));
    for (const auto* const source : sources) {
        profile.federation->identity = *IdentitySource::parse(source);
        const auto assertion = providers::claude::identity_token(profile, given(), ports, {});
        if (!assertion) {
            // Google's server is sent no secret that it could repeat.
            const bool sent = profile.federation->identity.kind != IdentitySource::Kind::google;
            sent ? require_discreet(assertion.error()) : require_sound(assertion.error());
            continue;
        }
        require(sendable(assertion->token.reveal()));
        require(!has_control_character(assertion->shown()));
    }
}

}  // namespace hearth::fuzz
