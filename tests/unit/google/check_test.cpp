#include "providers/google/check.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "unit/providers/provider_fixture.hpp"

namespace hearth::providers::google {
namespace {

using ::testing::HasSubstr;

std::string complaint(const std::function<void(Profile&)>& change) {
    auto profile = profile_of("google");
    change(profile);
    const auto checked = check_settings(profile);
    return checked ? std::string() : checked.error().what;
}

TEST(GoogleCheck, takes_a_profile_that_says_nothing) {
    EXPECT_EQ(complaint([](Profile&) {}), "");
}

TEST(GoogleCheck, refuses_two_ways_at_once) {
    EXPECT_THAT(complaint([](Profile& p) {
                    p.client_id = "c";
                    p.google->credentials_file = "/a.json";
                }),
                HasSubstr("in two ways"));
    EXPECT_THAT(complaint([](Profile& p) {
                    p.google->base_profile = "me";
                    p.google->client_file = "/c.json";
                }),
                HasSubstr("in two ways"));
}

TEST(GoogleCheck, leaves_a_persons_tokens_the_persons) {
    EXPECT_THAT(complaint([](Profile& p) {
                    p.client_id = "c";
                    p.google->impersonate = "a@p.iam.gserviceaccount.com";
                }),
                HasSubstr("signs in as a person"));
}

TEST(GoogleCheck, lets_nothing_into_an_address_that_is_no_e_mail) {
    for (const auto* const text : {"nobody", "a@p/../b", "a@p:generateIdToken", "a@p?x"}) {
        EXPECT_THAT(complaint([&](Profile& p) { p.google->impersonate = text; }),
                    HasSubstr("no e-mail"))
            << text;
    }
    EXPECT_THAT(complaint([](Profile& p) {
                    p.google->impersonate = "a@p.iam.gserviceaccount.com";
                    p.google->delegates = {"x"};
                }),
                HasSubstr("delegate"));
}

TEST(GoogleCheck, wants_to_know_what_to_become_with_a_base) {
    EXPECT_THAT(complaint([](Profile& p) { p.google->base_profile = "me"; }),
                HasSubstr("nothing of what to become"));
    EXPECT_THAT(complaint([](Profile& p) { p.google->base_profile = "work"; }),
                HasSubstr("rests on itself"));
    EXPECT_THAT(complaint([](Profile& p) { p.google->workload_audience = "//iam"; }),
                HasSubstr("no credential to bring there"));
}

TEST(GoogleCheck, judges_the_base_by_its_provider) {
    auto base = profile_of("base");
    auto profile = profile_of("google");
    profile.google->base_profile = "base";
    profile.google->workload_audience = "//iam.googleapis.com/projects/1";
    base.provider = "aws";
    EXPECT_TRUE(check_base(base, profile));
    base.provider = "google";
    EXPECT_THAT(check_base(base, profile).error().what, HasSubstr("becomes nobody"));
    base.provider = "claude";
    EXPECT_THAT(check_base(base, profile).error().what, HasSubstr("does not take"));
}

}  // namespace
}  // namespace hearth::providers::google
