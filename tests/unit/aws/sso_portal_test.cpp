#include "providers/aws/sso_portal.hpp"

#include <gtest/gtest.h>

#include "support/fake_clock.hpp"
#include "support/fake_http.hpp"

namespace hearth::providers::aws {
namespace {

using namespace std::chrono_literals;
using Kind = KeysFailure::Kind;

constexpr const char* portal = "https://portal.sso.eu-west-1.amazonaws.com";
const std::string credentials =
    "https://portal.sso.eu-west-1.amazonaws.com/federation/credentials?role_name=Read%20Only&"
    "account_id=111122223333";
const std::string accounts =
    "https://portal.sso.eu-west-1.amazonaws.com/assignment/accounts?max_result=100";
constexpr const char* keys_in_json =
    R"({"roleCredentials":{"accessKeyId":"ASIA1","secretAccessKey":"s","sessionToken":"t",
        "expiration":1800003600000}})";

std::string roles_of(const std::string& account) {
    return std::string(portal) + "/assignment/roles?account_id=" + account + "&max_result=100";
}

class SsoPortal : public ::testing::Test {
  protected:
    KeysResult keys() { return role_keys(caller, role, http, clock, {}); }
    KeysFailure refused_with(int status, const std::string& exception) {
        http.answer(credentials, status, R"({"message":"No access"})",
                    {{"x-amzn-ErrorType", exception}});
        const auto none = keys();
        EXPECT_FALSE(none);
        return none ? KeysFailure{} : none.error();
    }

    testing::FakeHttp http;
    testing::FakeClock clock;
    SsoRole role{.account_id = "111122223333", .role_name = "Read Only"};
    Secret token{"the-access-token"};
    SsoCaller caller{.portal = portal, .access_token = token, .sign_in = "hearth login corp"};
};

TEST_F(SsoPortal, gives_the_keys_of_a_role_until_an_instant_in_milliseconds) {
    http.answer(credentials, 200, keys_in_json);
    const auto given = keys();
    ASSERT_TRUE(given) << given.error().error.what;
    EXPECT_EQ(given->keys.access_key_id, "ASIA1");
    EXPECT_EQ(given->keys.secret_access_key.reveal(), "s");
    EXPECT_EQ(given->keys.session_token.reveal(), "t");
    EXPECT_EQ(given->keys.account_id, "111122223333");
    EXPECT_EQ(given->expires_at, clock.now().wall + 1h);
}

TEST_F(SsoPortal, tells_how_far_its_clock_is_ahead) {
    http.answer(credentials, 200, keys_in_json, {{"Date", "Fri, 15 Jan 2027 08:10:00 GMT"}});
    const auto given = keys();
    ASSERT_TRUE(given);
    EXPECT_EQ(given->server_skew, 10min);
}

TEST_F(SsoPortal, by_plain_http_beyond_this_machine_is_not_asked) {
    caller.portal = "http://portal.example.com";
    const auto none = keys();
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().kind, Kind::not_asked);
    EXPECT_TRUE(http.seen().empty());
}

TEST_F(SsoPortal, is_told_who_asks_by_a_header_alone) {
    http.answer(credentials, 200, keys_in_json);
    ASSERT_TRUE(keys());
    const auto seen = http.seen().at(0);
    EXPECT_EQ(seen.method, "GET");
    EXPECT_EQ(seen.headers.back().name, "x-amz-sso_bearer_token");
    EXPECT_EQ(seen.headers.back().value, "the-access-token");
    EXPECT_EQ(seen.url.find("the-access-token"), std::string::npos);
}

TEST_F(SsoPortal, wants_a_person_once_the_sign_in_is_over) {
    const auto failure = refused_with(401, "UnauthorizedException");
    EXPECT_EQ(failure.kind, Kind::needs_person);
    EXPECT_EQ(failure.error.remedy, Remedy::sign_in);
    EXPECT_EQ(failure.error.hint, "hearth login corp");
}

TEST_F(SsoPortal, refuses_a_role_by_its_name_and_account) {
    const auto failure = refused_with(403, "ForbiddenException");
    EXPECT_EQ(failure.kind, Kind::refused);
    EXPECT_EQ(failure.error.remedy, Remedy::refused);
    EXPECT_NE(failure.error.what.find("role 'Read Only' of account 111122223333"),
              std::string::npos);
    EXPECT_NE(failure.error.what.find("ForbiddenException: No access"), std::string::npos);
    EXPECT_NE(failure.error.hint.find("hearth aws roles"), std::string::npos);
}

TEST_F(SsoPortal, that_is_busy_is_asked_later) {
    for (const int status : {429, 500, 503}) {
        testing::FakeHttp busy;
        busy.answer(credentials, status, "{}", {{"Retry-After", "3"}});
        const auto none = role_keys(caller, role, busy, clock, {});
        ASSERT_FALSE(none);
        EXPECT_EQ(none.error().kind, Kind::passing) << status;
        EXPECT_EQ(none.error().error.remedy, Remedy::unreachable) << status;
        EXPECT_EQ(none.error().retry_after, 3s) << status;
    }
}

TEST_F(SsoPortal, that_does_not_answer_is_asked_later) {
    http.fail(credentials, HttpFailure::Stage::no_answer);
    const auto none = keys();
    ASSERT_FALSE(none);
    EXPECT_EQ(none.error().kind, Kind::passing);
}

TEST_F(SsoPortal, that_gives_half_a_set_of_keys_has_given_none) {
    for (const auto* const body :
         {"{}", "no", R"({"roleCredentials":{"accessKeyId":"a","secretAccessKey":"s"}})",
          R"({"roleCredentials":{"accessKeyId":"a","secretAccessKey":"s","sessionToken":"t"}})"}) {
        testing::FakeHttp odd;
        odd.answer(credentials, 200, body);
        const auto none = role_keys(caller, role, odd, clock, {});
        ASSERT_FALSE(none) << body;
        EXPECT_EQ(none.error().kind, Kind::refused) << body;
    }
}

TEST_F(SsoPortal, lists_every_page_of_accounts_and_roles) {
    http.answer(accounts, 200,
                R"({"accountList":[{"accountId":"1","accountName":"One","emailAddress":"a@b.c"}],
                    "nextToken":"more & more"})");
    http.answer(accounts + "&next_token=more%20%26%20more", 200,
                R"({"accountList":[{"accountId":"2","accountName":"Two"}],"nextToken":null})");
    http.answer(roles_of("1"), 200, R"({"roleList":[{"roleName":"A"}],"nextToken":"n"})");
    http.answer(roles_of("1") + "&next_token=n", 200, R"({"roleList":[{"roleName":"B"}]})");
    http.answer(roles_of("2"), 200, R"({"roleList":[]})");
    const auto list = accounts_and_roles(caller, "", http, clock, {});
    ASSERT_TRUE(list) << list.error().error.what;
    ASSERT_EQ(list->size(), 2U);
    EXPECT_EQ(list->at(0).name, "One");
    EXPECT_EQ(list->at(0).email, "a@b.c");
    EXPECT_EQ(list->at(0).roles, (std::vector<std::string>{"A", "B"}));
    EXPECT_EQ(list->at(1).id, "2");
    EXPECT_TRUE(list->at(1).roles.empty());
}

TEST_F(SsoPortal, is_asked_for_the_roles_of_the_account_that_is_named_alone) {
    http.answer(accounts, 200, R"({"accountList":[{"accountId":"1"},{"accountId":"2"}]})");
    http.answer(roles_of("2"), 200, R"({"roleList":[{"roleName":"A"}]})");
    const auto list = accounts_and_roles(caller, "2", http, clock, {});
    ASSERT_TRUE(list) << list.error().error.what;
    ASSERT_EQ(list->size(), 1U);
    EXPECT_EQ(http.seen().size(), 2U);
}

TEST_F(SsoPortal, that_goes_on_forever_is_left) {
    http.answer(accounts, 200, R"({"accountList":[],"nextToken":"n"})");
    http.answer(accounts + "&next_token=n", 200, R"({"accountList":[],"nextToken":"n"})");
    const auto list = accounts_and_roles(caller, "", http, clock, {});
    ASSERT_FALSE(list);
    EXPECT_EQ(list.error().kind, Kind::refused);
}

TEST_F(SsoPortal, whose_names_hold_control_characters_is_shown_without_them) {
    http.answer(accounts, 200, R"({"accountList":[{"accountId":"1","accountName":"\u001b[31m"}]})");
    http.answer(roles_of("1"), 200, R"({"roleList":[{"roleName":"\nA"}]})");
    const auto list = accounts_and_roles(caller, "", http, clock, {});
    ASSERT_TRUE(list);
    EXPECT_EQ(list->at(0).name, "?[31m");
    EXPECT_EQ(list->at(0).roles.at(0), "?A");
}

}  // namespace
}  // namespace hearth::providers::aws
