// The outside world of a provider under test, and the words its tests are written in.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "json/document.hpp"
#include "oauth/form.hpp"
#include "providers/grants/ports.hpp"
#include "support/fake_callbacks.hpp"
#include "support/fake_clock.hpp"
#include "support/fake_http.hpp"
#include "support/fake_person.hpp"
#include "support/fake_random.hpp"
#include "support/fake_waiter.hpp"

namespace hearth::providers {

inline Profile profile_of(const std::string& provider) {
    Profile profile{.name = Name::parse("work").value(),
                    .session = Name::parse("work").value(),
                    .provider = provider,
                    .issuer = {},
                    .client_id = {},
                    .client_secret = {},
                    .client_auth = {},
                    .scopes = {},
                    .resources = {},
                    .redirect_uri = {},
                    .manual_redirect_uri = {},
                    .authorize_parameters = {},
                    .organization = {},
                    .endpoints = {},
                    .renewal = {}};
    profile.sign_in_timeout = std::chrono::minutes(1);
    return profile;
}

class ProviderTest : public ::testing::Test {
  protected:
    // The person signs in and the browser comes back with this beside the right state.
    void given_browser_brings(const std::string& parameters) {
        person.on_show = [this, parameters](const Prompt& prompt) {
            if (const auto* const open = std::get_if<OpenBrowser>(&prompt)) {
                opened = open->url;
                browser.come_back("/callback?" + parameters +
                                  "&state=" + testing::parameter(opened, "state"));
            }
        };
    }
    static std::string header(const testing::FakeHttp::Seen& seen, std::string_view name) {
        for (const auto& one : seen.headers)
            if (one.name == name) return one.value;
        return {};
    }
    // One field of a form that was sent.
    static std::string sent(const testing::FakeHttp::Seen& seen, std::string_view name) {
        return oauth::Query::parse(seen.body).value().text(name);
    }

    testing::FakeClock clock;
    testing::FakeHttp http;
    testing::FakeRandom random;
    testing::FakeCallbacks callbacks;
    testing::FakeWaiter waiter{clock};
    testing::FakePerson person;
    testing::FakeBrowser browser{callbacks};
    Ports ports{http, clock, random, callbacks, waiter};
    std::stop_source stop;
    std::string opened;
};

}  // namespace hearth::providers
