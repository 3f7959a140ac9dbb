// What the device authorization endpoint answers (RFC 8628 section 3.2).
#include "core/url.hpp"
#include "fuzz/target.hpp"
#include "oauth/device.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_waiter.hpp"

namespace hearth::fuzz {

void try_input(std::string_view input) {
    OneAnswer http(answer_in(input));
    testing::FakeClock clock;
    testing::FakeWaiter waiter(clock);
    oauth::DeviceFlow flow(http, clock, waiter);
    const oauth::DeviceRequest request{.device_endpoint = "https://issuer.example/device",
                                       .token_endpoint = "https://issuer.example/token",
                                       .scopes = {},
                                       .resources = {}};
    const oauth::Client client{
        .id = "client", .secret = Secret(planted), .auth = oauth::ClientAuth::post};
    const auto begun = flow.begin(request, client, {});
    if (!begun) return require_discreet(begun.error());
    require(!begun->device_code.empty());
    require(!begun->user_code.empty() && !has_control_character(begun->user_code));
    const auto page = Url::parse(begun->verification_uri);
    require(page && (page->secure() || page->loopback()));
    if (!begun->verification_uri_complete.empty()) {
        const auto complete = Url::parse(begun->verification_uri_complete);
        require(complete && (complete->secure() || complete->loopback()));
    }
    // The same answer to every poll: it comes to an end, within its time, and is not a hurry.
    const auto reply = flow.await(request, client, *begun, std::chrono::minutes(15), {});
    if (!reply) require_discreet(reply.error());
    require(clock.now().boot <= std::chrono::hours(1) + std::chrono::minutes(16));
    for (const auto wait : waiter.waits) require(wait > Span{});
}

}  // namespace hearth::fuzz
