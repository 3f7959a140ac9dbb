#include "providers/grants/renewal.hpp"

#include <gtest/gtest.h>

namespace hearth::providers {
namespace {

using std::chrono::seconds;

Session old_session() {
    Session session;
    session.version = {.lineage = "l", .counter = 3};
    session.provider = "oidc";
    session.account.email = "a@example.com";
    session.access_token = Secret("old-access");
    session.refresh_token = Secret("old-refresh");
    session.scopes = Scopes::parse("openid email").value();
    session.refresh_expires_at = Instant(seconds(5'000));
    return session;
}

oauth::TokenReply reply() {
    oauth::TokenReply made;
    made.access_token = Secret("new-access");
    made.requested_at.wall = Instant(seconds(1'000));
    return made;
}

Session renewed(oauth::TokenReply with) {
    auto renewal = renewal_of(old_session(), {.outcome = std::move(with), .server_skew = {}});
    return std::get<Renewed>(std::move(renewal.outcome)).session;
}

TEST(Renewal, keeps_what_the_reply_does_not_bring) {
    const auto session = renewed(reply());
    EXPECT_EQ(session.access_token.reveal(), "new-access");
    EXPECT_EQ(session.refresh_token->reveal(), "old-refresh");
    EXPECT_EQ(session.refresh_expires_at, Instant(seconds(5'000)));
    EXPECT_EQ(session.scopes.to_string(), "openid email");
    EXPECT_EQ(session.account.email, "a@example.com");
    EXPECT_EQ(session.version, old_session().version);
}

TEST(Renewal, takes_the_new_refresh_token_and_its_life) {
    auto with = reply();
    with.refresh_token = Secret("new-refresh");
    const auto session = renewed(std::move(with));
    EXPECT_EQ(session.refresh_token->reveal(), "new-refresh");
    EXPECT_FALSE(session.refresh_expires_at) << "the old one's life is not the new one's";
    auto limited = reply();
    limited.refresh_token = Secret("new-refresh");
    limited.refresh_expires_in = seconds(60);
    EXPECT_EQ(renewed(std::move(limited)).refresh_expires_at, Instant(seconds(1'060)));
}

TEST(Renewal, counts_the_lifetime_from_the_request) {
    auto with = reply();
    with.expires_in = seconds(300);
    EXPECT_EQ(renewed(std::move(with)).lifespan->expires_at(), Instant(seconds(1'300)));
}

TEST(Renewal, assumes_an_hour_where_nothing_is_said) {
    EXPECT_EQ(renewed(reply()).lifespan->lifetime, seconds(3'600));
    Session without = old_session();
    without.refresh_token.reset();
    take_tokens(without, reply());
    EXPECT_FALSE(without.lifespan);
}

template <class Outcome>
bool becomes(oauth::TokenFailure::Kind kind) {
    oauth::TokenFailure failure;
    failure.kind = kind;
    const auto renewal = renewal_of(
        old_session(), {.outcome = std::unexpected(std::move(failure)), .server_skew = seconds(7)});
    return std::holds_alternative<Outcome>(renewal.outcome) && renewal.server_skew == seconds(7);
}

TEST(Renewal, says_what_a_failure_means_for_the_refresh_token) {
    EXPECT_TRUE(becomes<GrantInvalid>(oauth::TokenFailure::Kind::grant_invalid));
    EXPECT_TRUE(becomes<NotRenewed>(oauth::TokenFailure::Kind::not_done));
    EXPECT_TRUE(becomes<AnswerLost>(oauth::TokenFailure::Kind::answer_lost));
}

}  // namespace
}  // namespace hearth::providers
