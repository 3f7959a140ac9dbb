#include "sandbox/google_assertion.hpp"

#include <gtest/gtest.h>

#include "unit/sandbox/cloud_visit.hpp"

namespace hearth::sandbox::testing {
namespace {

using boost::json::object;

class GoogleAssertion : public CloudVisit {
  protected:
    void SetUp() override {
        CloudVisit::SetUp();
        account().keys.emplace(key.id(), key);
    }
    GoogleAccount& account() { return cloud->state().google.account("robot"); }

    // Of an hour from now, until a test says otherwise.
    std::string assertion(const object& changes = {}) {
        object claims{{"iss", account().email},
                      {"sub", account().email},
                      {"iat", to_unix(now)},
                      {"exp", to_unix(now) + 3600}};
        for (const auto& change : changes) claims[change.key()] = change.value();
        return key.sign(claims);
    }
    // What is wrong with it; empty where nothing is.
    std::string judged(const object& changes) {
        const auto read = signed_assertion(cloud->state().google, assertion(changes), now);
        return read ? std::string() : read.error().description;
    }
    bool at_vertex(const object& changes) {
        return own_jwt(cloud->state(), assertion(changes), "aiplatform", now).has_value();
    }

    SigningKey key{Algorithm::es256};
};

constexpr const char* out_of_time =
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
    "Check your iat and exp values in the JWT claim.";

TEST_F(GoogleAssertion, lives_an_hour_at_most) {
    EXPECT_EQ(judged({}), "");
    EXPECT_EQ(judged({{"exp", to_unix(now) + 3601}}), out_of_time);
    EXPECT_EQ(judged({{"exp", to_unix(now)}}), out_of_time);
}

TEST_F(GoogleAssertion, may_be_half_a_minute_early_or_late) {
    const auto at = [&](std::int64_t issued, std::int64_t expires) {
        return judged({{"iat", to_unix(now) + issued}, {"exp", to_unix(now) + expires}});
    };
    EXPECT_EQ(at(30, 600), "");
    EXPECT_EQ(at(31, 600), out_of_time);
    EXPECT_EQ(at(-600, -29), "");
    EXPECT_EQ(at(-600, -30), out_of_time);
}

TEST_F(GoogleAssertion, needs_both_of_its_times_as_numbers) {
    EXPECT_EQ(judged({{"iat", nullptr}}), out_of_time);
    EXPECT_EQ(judged({{"exp", std::to_string(to_unix(now) + 600)}}), out_of_time);
}

TEST_F(GoogleAssertion, is_signed_by_a_key_of_its_own_account) {
    const auto other = cloud->state().google.account("other").email;
    EXPECT_EQ(judged({{"iss", other}}), "Invalid JWT Signature.");
    EXPECT_EQ(judged({{"iss", "nobody@example.com"}}), "Invalid grant: account not found");
    account().keys.clear();
    EXPECT_EQ(judged({}), "Invalid JWT Signature.");
}

TEST_F(GoogleAssertion, is_refused_when_it_is_no_token_at_all) {
    auto& google = cloud->state().google;
    for (const auto* text : {"", "a.b", "a.b.c", "e30.e30.!"})
        EXPECT_FALSE(signed_assertion(google, text, now)) << text;
}

TEST_F(GoogleAssertion, of_distributed_cloud_is_none_of_googles) {
    account().kind = GoogleAccount::Kind::distributed;
    EXPECT_EQ(judged({}), "Invalid grant: account not found");
}

TEST_F(GoogleAssertion, is_an_access_token_with_an_audience_or_scopes_and_never_both) {
    const auto* service = "https://aiplatform.googleapis.com/";
    EXPECT_TRUE(at_vertex({{"aud", service}}));
    EXPECT_TRUE(at_vertex({{"scope", google_cloud_scope}}));
    EXPECT_FALSE(at_vertex({}));
    EXPECT_FALSE(at_vertex({{"aud", service}, {"scope", google_cloud_scope}}));
    EXPECT_FALSE(at_vertex({{"aud", "https://evil-aiplatform.googleapis.com.example/"}}));
}

}  // namespace
}  // namespace hearth::sandbox::testing
