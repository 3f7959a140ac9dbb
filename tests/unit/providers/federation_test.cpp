#include "providers/claude/federation.hpp"

#include "provider_fixture.hpp"
#include "providers/claude/claude.hpp"
#include "support/identity_tokens.hpp"

namespace hearth::providers {
namespace {

using namespace std::chrono_literals;
using testing::FakeIdentity;
using testing::identity_token_of;

const std::string token_url = "https://api.anthropic.com/v1/oauth/token";

class Federation : public ProviderTest {
  protected:
    Federation() {
        profile.organization = "11111111-2222-3333-4444-555555555555";
        profile.claude->workspace = "wrkspc_mine";
        profile.federation->rule = "fdrl_mine";
        profile.federation->service_account = "svac_mine";
        profile.federation->identity = IdentitySource::parse("file:/run/token").value();
        identity.files["/run/token"] = assertion;
        empty.unattended = true;
    }
    void given_answer(int status, std::string_view body) {
        http.answer(token_url, status, body, {{"Request-Id", "req_9"}});
    }
    void given_token(std::string_view more = "") {
        given_answer(200, R"({"access_token":"sk-ant-oat01-made","token_type":"Bearer")" +
                              std::string(more) + "}");
    }
    Session made() {
        auto renewal = claude.renew(profile, empty, {});
        EXPECT_TRUE(std::holds_alternative<Renewed>(renewal.outcome));
        return std::move(std::get<Renewed>(renewal.outcome).session);
    }
    NotRenewed failed() {
        auto renewal = claude.renew(profile, empty, {});
        EXPECT_TRUE(std::holds_alternative<NotRenewed>(renewal.outcome));
        return std::move(std::get<NotRenewed>(renewal.outcome));
    }

    const std::string assertion = identity_token_of(
        R"({"iss":"https://issuer.example","sub":"me","aud":"a","iat":1,"exp":1800000600})");
    Profile profile = profile_of("claude");
    FakeIdentity identity;
    Claude claude{ports, &identity};
    Session empty;
};

TEST_F(Federation, exchanges_the_identity_token_as_documented) {
    given_token(R"(,"expires_in":600,"scope":"workspace:developer")");
    const auto session = made();
    ASSERT_EQ(http.seen().size(), 1U);
    EXPECT_EQ(http.seen()[0].method, "POST");
    EXPECT_EQ(header(http.seen()[0], "Content-Type"), "application/json");
    EXPECT_EQ(header(http.seen()[0], "anthropic-beta"),
              "oauth-2025-04-20,oidc-federation-2026-04-01");
    EXPECT_EQ(http.seen()[0].body,
              R"({"grant_type":"urn:ietf:params:oauth:grant-type:jwt-bearer","assertion":")" +
                  assertion +
                  R"(","federation_rule_id":"fdrl_mine",)"
                  R"("organization_id":"11111111-2222-3333-4444-555555555555",)"
                  R"("service_account_id":"svac_mine","workspace_id":"wrkspc_mine"})");
    EXPECT_EQ(session.access_token.reveal(), "sk-ant-oat01-made");
    EXPECT_EQ(session.lifespan->lifetime, 10min);
    EXPECT_EQ(session.lifespan->issued, clock.now());
    EXPECT_EQ(session.scopes.to_string(), "workspace:developer");
    EXPECT_EQ(session.account.label(), "svac_mine");
    EXPECT_TRUE(session.renewable());
}

TEST_F(Federation, names_no_workspace_where_the_profile_names_none) {
    profile.claude->workspace.clear();
    given_token();
    EXPECT_EQ(made().lifespan->lifetime, 1h);
    EXPECT_FALSE(http.seen()[0].body.contains("workspace_id"));
}

TEST_F(Federation, keeps_no_refresh_token) {
    given_token(R"(,"refresh_token":"sk-ant-ort01-odd","expires_in":600)");
    EXPECT_FALSE(made().refresh_token);
}

TEST_F(Federation, sends_what_it_brought_without_the_header_that_names_a_workspace) {
    given_token();
    const auto headers = claude.credential(profile, made())->headers("GET", token_url);
    ASSERT_TRUE(headers);
    for (const auto& one : *headers) EXPECT_NE(one.name, "anthropic-workspace-id");
}

TEST_F(Federation, refusal_tells_what_the_identity_token_says_and_never_the_token) {
    given_answer(401, R"({"type":"error","error":{"type":"authentication_error",)"
                      R"("message":"Authentication failed"}})");
    const auto refused = failed();
    EXPECT_EQ(refused.error.remedy, Remedy::failed);
    EXPECT_EQ(refused.error.what,
              "api.anthropic.com: the federation exchange answered 401 (authentication_error: "
              "Authentication failed) [request req_9]; the rule was fdrl_mine, and the identity "
              "token says: iss https://issuer.example, sub me, aud a, exp 2027-01-15T08:10:00Z, "
              "kid key");
    EXPECT_TRUE(refused.error.hint.contains("hearth login work"));
    EXPECT_EQ(refused.look_again, 1min);
    EXPECT_FALSE(refused.ours);
}

TEST_F(Federation, refusal_that_repeats_the_identity_token_is_not_quoted) {
    given_answer(400, R"({"error":{"type":"invalid_request_error","message":"what is )" +
                          assertion.substr(10, 20) + R"("}})");
    const auto refused = failed();
    EXPECT_FALSE(refused.error.what.contains(assertion.substr(10, 12)));
    EXPECT_TRUE(refused.error.what.contains("answered 400 (invalid_request_error)"));
}

TEST_F(Federation, busy_service_is_asked_again_when_it_says) {
    http.answer(token_url, 429, "{}", {{"Retry-After", "7"}});
    const auto busy = failed();
    EXPECT_EQ(busy.error.remedy, Remedy::unreachable);
    EXPECT_TRUE(busy.worth_retrying);
    EXPECT_EQ(busy.retry_after, 7s);
    EXPECT_FALSE(busy.look_again);
}

TEST_F(Federation, answer_that_never_came_is_no_loss) {
    http.fail(token_url, HttpFailure::Stage::no_answer);
    EXPECT_TRUE(failed().worth_retrying);
}

TEST_F(Federation, answer_without_a_token_is_no_loss) {
    given_answer(200, "{}");
    EXPECT_TRUE(failed().error.what.starts_with("the federation exchange answered without"));
}

TEST_F(Federation, expired_identity_token_is_not_sent) {
    clock.advance(10min + 31s);
    const auto late = failed();
    EXPECT_TRUE(late.error.what.starts_with("the identity token has expired; it says: iss "));
    EXPECT_TRUE(late.ours);
    EXPECT_TRUE(late.look_again);
    EXPECT_TRUE(http.seen().empty());
}

TEST_F(Federation, clocks_may_be_half_a_minute_apart) {
    clock.advance(10min + 29s);
    given_token();
    EXPECT_EQ(made().access_token.reveal(), "sk-ant-oat01-made");
}

TEST_F(Federation, identity_token_that_is_not_there_concerns_this_process_alone) {
    identity.files.clear();
    const auto missing = failed();
    EXPECT_TRUE(missing.ours);
    EXPECT_EQ(missing.error.hint, "put it there");
}

TEST_F(Federation, identity_token_is_not_sent_in_the_clear) {
    profile.claude->base_url = "http://api.example.com";
    EXPECT_EQ(failed().error.remedy, Remedy::refused);
    EXPECT_TRUE(http.seen().empty());
}

TEST_F(Federation, sign_in_by_hand_exchanges_too) {
    given_token(R"(,"expires_in":600)");
    const auto session = claude.sign_in(profile, {}, person, {});
    ASSERT_TRUE(session);
    EXPECT_TRUE(session->unattended);
    identity.files.clear();
    EXPECT_FALSE(claude.sign_in(profile, {}, person, {}));
}

TEST_F(Federation, profile_takes_no_token_that_somebody_has) {
    EXPECT_EQ(claude.adopt(profile, Secret("sk-ant-api03-key")).error().remedy, Remedy::usage);
}

TEST_F(Federation, session_of_a_person_is_renewed_as_what_it_is) {
    Session session;
    session.token_endpoint = token_url;
    session.refresh_token = Secret("sk-ant-ort01-planted");
    given_token(R"(,"expires_in":600)");
    EXPECT_TRUE(std::holds_alternative<Renewed>(claude.renew(profile, session, {}).outcome));
    EXPECT_TRUE(http.seen()[0].body.contains("refresh_token"));
}

TEST_F(Federation, session_whose_profile_is_no_longer_federated_needs_a_person) {
    profile.federation = {};
    EXPECT_FALSE(claude.unattended(profile));
    EXPECT_TRUE(std::holds_alternative<GrantInvalid>(claude.renew(profile, empty, {}).outcome));
}

TEST_F(Federation, profile_that_is_half_set_says_what_it_lacks) {
    EXPECT_TRUE(claude.check(profile));
    auto half = profile;
    half.organization.clear();
    half.federation->identity = {};
    EXPECT_EQ(claude.check(half).error().what,
              "profile 'work' is to sign in by federation and lacks organization, identity_token");
    EXPECT_TRUE(claude.unattended(half));
    profile.client_id = "issued-to-me";
    EXPECT_EQ(claude.check(profile).error().remedy, Remedy::usage);
}

TEST_F(Federation, needs_the_means_to_obtain_identity_tokens) {
    EXPECT_FALSE(Claude(ports).unattended(profile));
}

}  // namespace
}  // namespace hearth::providers
