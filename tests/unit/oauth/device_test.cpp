#include "oauth/device.hpp"

#include <gtest/gtest.h>

#include "support/fake_http.hpp"
#include "support/fake_waiter.hpp"

namespace hearth::oauth {
namespace {

using std::chrono::seconds;
using testing::FakeHttp;

const std::string device_url = "https://login.example/device";
const std::string token_url = "https://login.example/token";
constexpr auto token = R"({"access_token":"at","token_type":"Bearer","expires_in":60})";

class DeviceSignIn : public ::testing::Test {
  protected:
    void given_codes(const std::string& more = "") {
        http.answer(device_url, 200,
                    R"({"device_code":"planted-device-code","user_code":"WDJB-MJHT",)"
                    R"("verification_uri":"https://login.example/activate","expires_in":900)" +
                        more + "}");
    }
    void polls(std::string_view error, int status = 400) {
        http.answer(token_url, status, R"({"error":")" + std::string(error) + R"("})");
    }
    Result<TokenReply> signed_in(Span limit = std::chrono::minutes(15)) {
        auto authorization = flow.begin(request, client, stop.get_token());
        if (!authorization) return std::unexpected(authorization.error());
        return flow.await(request, client, *authorization, limit, stop.get_token());
    }

    testing::FakeClock clock;
    testing::FakeWaiter waiter{clock};
    FakeHttp http;
    DeviceFlow flow{http, clock, waiter};
    DeviceRequest request{.device_endpoint = device_url,
                          .token_endpoint = token_url,
                          .scopes = Scopes::parse("openid").value(),
                          .resources = {"https://api.example/"}};
    Client client{.id = "tv", .secret = {}, .auth = ClientAuth::none};
    std::stop_source stop;
};

TEST_F(DeviceSignIn, polls_every_five_seconds_unless_told_otherwise) {
    given_codes();
    polls("authorization_pending");
    polls("authorization_pending");
    http.answer(token_url, 200, token);
    ASSERT_TRUE(signed_in());
    EXPECT_EQ(waiter.waits, (std::vector<Span>{seconds(5), seconds(5), seconds(5)}));
    EXPECT_EQ(http.seen(device_url)[0].body,
              "scope=openid&resource=https%3A%2F%2Fapi.example%2F&client_id=tv");
    EXPECT_EQ(http.seen(token_url)[0].body,
              "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&device_code="
              "planted-device-code"
              "&resource=https%3A%2F%2Fapi.example%2F&client_id=tv");
}

// RFC 8628 section 3.5.
TEST_F(DeviceSignIn, pauses_between_polls_though_the_server_wants_none) {
    given_codes(R"(,"interval":0)");
    polls("authorization_pending");
    http.answer(token_url, 200, token);
    ASSERT_TRUE(signed_in());
    EXPECT_EQ(waiter.waits, (std::vector<Span>{seconds(1), seconds(1)}));
}

TEST_F(DeviceSignIn, slows_down_for_good) {
    given_codes(R"(,"interval":2)");
    polls("slow_down");
    polls("authorization_pending");
    polls("slow_down");
    http.answer(token_url, 200, token);
    ASSERT_TRUE(signed_in());
    EXPECT_EQ(waiter.waits, (std::vector<Span>{seconds(2), seconds(7), seconds(7), seconds(12)}));
}

TEST_F(DeviceSignIn, asks_less_often_while_the_server_does_not_answer) {
    given_codes();
    http.fail(token_url, HttpFailure::Stage::no_answer);
    http.fail(token_url, HttpFailure::Stage::not_sent);
    http.answer(token_url, 503, "busy", {{"Retry-After", "90"}});
    http.answer(token_url, 200, token);
    ASSERT_TRUE(signed_in());
    EXPECT_EQ(waiter.waits, (std::vector<Span>{seconds(5), seconds(10), seconds(20), seconds(90)}));
}

TEST_F(DeviceSignIn, ends_when_the_person_refuses) {
    given_codes();
    polls("access_denied");
    const auto reply = signed_in();
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().remedy, Remedy::sign_in);
    EXPECT_NE(reply.error().what.find("refused"), std::string::npos);
    EXPECT_EQ(http.seen(token_url).size(), 1U);
}

TEST_F(DeviceSignIn, ends_when_the_code_has_expired) {
    given_codes();
    polls("expired_token");
    EXPECT_EQ(signed_in().error().remedy, Remedy::sign_in);
}

TEST_F(DeviceSignIn, ends_by_itself_after_the_time_that_the_server_gave) {
    given_codes();
    polls("authorization_pending");
    EXPECT_EQ(signed_in(std::chrono::hours(1)).error().remedy, Remedy::sign_in);
    EXPECT_EQ(waiter.waits.size(), 900U / 5U);
}

TEST_F(DeviceSignIn, ends_at_the_limit_of_the_profile) {
    given_codes();
    polls("authorization_pending");
    EXPECT_EQ(signed_in(seconds(20)).error().remedy, Remedy::sign_in);
    EXPECT_EQ(waiter.waits.size(), 4U);
}

TEST_F(DeviceSignIn, ends_at_once_when_it_is_cancelled) {
    given_codes();
    polls("authorization_pending");
    waiter.on_wait = [this] { stop.request_stop(); };
    EXPECT_EQ(signed_in().error().what, "the sign-in was cancelled");
    EXPECT_TRUE(http.seen(token_url).empty());
}

TEST_F(DeviceSignIn, does_not_poll_on_when_the_client_is_wrong) {
    given_codes();
    polls("invalid_client", 401);
    EXPECT_EQ(signed_in().error().remedy, Remedy::usage);
    EXPECT_EQ(http.seen(token_url).size(), 1U);
}

TEST_F(DeviceSignIn, needs_a_code_and_a_page_that_can_be_trusted) {
    http.answer(device_url, 200,
                R"({"device_code":"d","user_code":"u","verification_uri":"http://evil.example/"})");
    EXPECT_EQ(signed_in().error().remedy, Remedy::refused);
    FakeHttp empty;
    empty.answer(device_url, 200, R"({"verification_uri":"https://login.example/activate"})");
    DeviceFlow other(empty, clock, waiter);
    EXPECT_FALSE(other.begin(request, client, {}));
}

TEST_F(DeviceSignIn, tells_why_the_server_gives_no_code) {
    http.answer(device_url, 400,
                R"({"error":"unauthorized_client","error_description":"not for you"})");
    EXPECT_EQ(signed_in().error().what,
              "login.example: the device authorization endpoint answered 400 (unauthorized_client: "
              "not for you)");
}

}  // namespace
}  // namespace hearth::oauth
