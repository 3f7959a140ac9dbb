#include "oauth/token_endpoint.hpp"

#include <gtest/gtest.h>

#include "support/fake_clock.hpp"
#include "support/fake_http.hpp"

namespace hearth::oauth {
namespace {

using std::chrono::seconds;
using Kind = TokenFailure::Kind;
using testing::FakeHttp;

const std::string url = "https://login.example/token";
constexpr auto token =
    R"({"access_token":"at-1","token_type":"bearer","expires_in":"300","refresh_token":"rt-2",)"
    R"("scope":"openid email","something":{"else":1}})";

class TokenEndpointTest : public ::testing::Test {
  protected:
    TokenAnswer ask() {
        return TokenEndpoint(http, clock)
            .ask(url, client, refresh_grant(Secret("planted-refresh"), {}), {});
    }
    TokenFailure failure() {
        auto answer = ask();
        EXPECT_FALSE(answer.outcome);
        return answer.outcome ? TokenFailure() : answer.outcome.error();
    }
    void answers(int status, std::string_view body, std::vector<Header> headers = {}) {
        http.answer(url, status, body, std::move(headers));
    }

    testing::FakeClock clock;
    FakeHttp http;
    Client client{.id = "me", .secret = {}, .auth = ClientAuth::none};
};

TEST_F(TokenEndpointTest, reads_a_reply_and_ignores_what_it_does_not_know) {
    answers(200, token, {{"Content-Type", "application/json;charset=UTF-8"}});
    const auto answer = ask();
    ASSERT_TRUE(answer.outcome);
    EXPECT_EQ(answer.outcome->access_token.reveal(), "at-1");
    EXPECT_EQ(answer.outcome->refresh_token->reveal(), "rt-2");
    EXPECT_EQ(answer.outcome->expires_in, seconds(300));
    EXPECT_EQ(answer.outcome->scopes->to_string(), "openid email");
    EXPECT_FALSE(answer.outcome->id_token);
    EXPECT_EQ(http.seen()[0].body,
              "grant_type=refresh_token&refresh_token=planted-refresh&client_id=me");
}

TEST_F(TokenEndpointTest, counts_the_lifetime_from_before_the_request) {
    http.answer_with(url, [&](const FakeHttp::Seen&) -> FakeHttp::Answer {
        clock.advance(seconds(20));
        return HttpResponse{.status = 200, .headers = {}, .body = Secret(token)};
    });
    const auto before = clock.now();
    const auto answer = ask();
    ASSERT_TRUE(answer.outcome);
    EXPECT_EQ(answer.outcome->requested_at, before);
}

TEST_F(TokenEndpointTest, knows_a_dead_grant) {
    answers(400, R"({"error":"invalid_grant","error_description":"expired"})");
    const auto dead = failure();
    EXPECT_EQ(dead.kind, Kind::grant_invalid);
    EXPECT_EQ(dead.error.remedy, Remedy::sign_in);
    EXPECT_EQ(dead.error.what,
              "login.example: the token endpoint answered 400 (invalid_grant: expired)");
}

TEST_F(TokenEndpointTest, does_not_take_a_failing_server_for_a_dead_grant) {
    answers(500, R"({"error":"invalid_grant"})");
    EXPECT_EQ(failure().kind, Kind::not_done);
}

TEST_F(TokenEndpointTest, knows_what_another_attempt_does_not_change) {
    for (const auto* const code :
         {"invalid_client", "unauthorized_client", "unsupported_grant_type", "invalid_scope",
          "invalid_request", "something_new"}) {
        FakeHttp other;
        other.answer(url, 400, R"({"error":")" + std::string(code) + R"("})");
        const auto answer =
            TokenEndpoint(other, clock).ask(url, client, refresh_grant(Secret("r"), {}), {});
        ASSERT_FALSE(answer.outcome) << code;
        EXPECT_EQ(answer.outcome.error().kind, Kind::not_done) << code;
        EXPECT_FALSE(answer.outcome.error().worth_retrying) << code;
    }
}

TEST_F(TokenEndpointTest, honours_retry_after_in_seconds_and_as_a_date) {
    answers(429, "", {{"Retry-After", "120"}});
    const auto limited = failure();
    EXPECT_EQ(limited.kind, Kind::not_done);
    EXPECT_TRUE(limited.worth_retrying);
    EXPECT_EQ(limited.retry_after, seconds(120));
    EXPECT_EQ(limited.error.remedy, Remedy::unreachable);

    // The clock stands at Fri, 15 Jan 2027 08:00:00 GMT.
    const auto at = [&](std::string_view text) {
        const HttpResponse response{
            .status = 503, .headers = {{"Retry-After", std::string(text)}}, .body = {}};
        return retry_after(response, clock.now().wall);
    };
    EXPECT_EQ(at("Fri, 15 Jan 2027 08:00:30 GMT"), seconds(30));
    EXPECT_EQ(at("Fri, 15 Jan 2027 07:00:00 GMT"), seconds(0));
    EXPECT_FALSE(at("soon"));
    EXPECT_FALSE(at("-5"));
    EXPECT_EQ(at("4000000000"), std::chrono::days(7));
}

TEST_F(TokenEndpointTest, tells_an_unsent_request_from_a_lost_answer) {
    http.fail(url, HttpFailure::Stage::not_sent);
    http.fail(url, HttpFailure::Stage::no_answer);
    const auto unsent = failure();
    EXPECT_EQ(unsent.kind, Kind::not_done);
    EXPECT_TRUE(unsent.worth_retrying);
    EXPECT_EQ(failure().kind, Kind::answer_lost);
}

TEST_F(TokenEndpointTest, takes_a_success_that_cannot_be_read_for_a_lost_answer) {
    const std::pair<std::string_view, std::string_view> bad[] = {
        {R"({"access_token":"planted)", "application/json"},
        {"", "application/json"},
        {R"(["planted"])", "application/json"},
        {R"({"token_type":"Bearer"})", "application/json"},
        {R"({"access_token":"planted","token_type":"DPoP"})", "application/json"},
        {R"({"access_token":"planted"})", "application/json"},
        {R"({"access_token":"planted\r\nX: y","token_type":"Bearer"})", "application/json"},
        {"<html>planted</html>", "text/html"},
        {token, "text/html"}};
    for (const auto& [body, type] : bad) {
        FakeHttp other;
        other.answer(url, 200, body, {{"Content-Type", std::string(type)}});
        const auto answer =
            TokenEndpoint(other, clock).ask(url, client, refresh_grant(Secret("r"), {}), {});
        ASSERT_FALSE(answer.outcome) << body;
        EXPECT_EQ(answer.outcome.error().kind, Kind::answer_lost) << body;
        EXPECT_EQ(answer.outcome.error().error.what.find("planted"), std::string::npos) << body;
    }
}

TEST_F(TokenEndpointTest, takes_only_200_for_a_success) {
    answers(201, token);
    EXPECT_EQ(failure().kind, Kind::answer_lost);
    FakeHttp other;
    other.answer(url, 302, token, {{"Location", "https://login.example/other"}});
    const auto moved =
        TokenEndpoint(other, clock).ask(url, client, refresh_grant(Secret("r"), {}), {});
    EXPECT_EQ(moved.outcome.error().kind, Kind::not_done);
}

TEST_F(TokenEndpointTest, believes_an_error_that_comes_with_status_200) {
    answers(200, R"({"error":"invalid_grant"})");
    EXPECT_EQ(failure().kind, Kind::grant_invalid);
}

TEST_F(TokenEndpointTest, retries_when_something_in_between_answered) {
    answers(403, "<html>blocked by a proxy: planted</html>", {{"Content-Type", "text/html"}});
    const auto blocked = failure();
    EXPECT_EQ(blocked.kind, Kind::not_done);
    EXPECT_TRUE(blocked.worth_retrying);
    EXPECT_EQ(blocked.error.what, "login.example: the token endpoint answered 403");
}

TEST_F(TokenEndpointTest, quotes_little_and_never_what_was_sent) {
    answers(
        400,
        R"({"error":"invalid_request","error_description":"the token planted-refresh\nis bad","error_uri":")" +
            std::string(500, 'u') + R"(","access_token":"planted-other"})");
    const auto what = failure().error.what;
    EXPECT_EQ(what.find("planted"), std::string::npos);
    EXPECT_NE(what.find(std::string(200, 'u')), std::string::npos);
    EXPECT_EQ(what.find(std::string(201, 'u')), std::string::npos);
}

TEST_F(TokenEndpointTest, makes_what_it_quotes_printable) {
    answers(400, "{\"error\":\"bad\",\"error_description\":\"a\\u001b[31mb\\u0007\"}");
    EXPECT_NE(failure().error.what.find("a?[31mb?"), std::string::npos);
}

TEST_F(TokenEndpointTest, names_the_request_for_the_providers_support) {
    answers(500, "", {{"Request-Id", "req_123"}});
    EXPECT_EQ(failure().error.what,
              "login.example: the token endpoint answered 500 [request req_123]");
}

TEST_F(TokenEndpointTest, does_not_quote_a_header_that_repeats_the_secret) {
    answers(500, "", {{"Request-Id", "for planted-refresh"}});
    EXPECT_EQ(failure().error.what, "login.example: the token endpoint answered 500");
    FakeHttp other;
    other.answer(url, 200, token, {{"Content-Type", "text/planted-refresh"}});
    const auto odd = TokenEndpoint(other, clock)
                         .ask(url, client, refresh_grant(Secret("planted-refresh"), {}), {});
    ASSERT_FALSE(odd.outcome);
    EXPECT_FALSE(odd.outcome.error().error.what.contains("planted"));
}

TEST_F(TokenEndpointTest, does_not_quote_an_error_that_repeats_a_piece_of_the_secret) {
    answers(400, R"({"error":"invalid_grant","error_description":"planted-refr... is unknown"})");
    EXPECT_EQ(failure().error.what,
              "login.example: the token endpoint answered 400 (invalid_grant)");
}

TEST_F(TokenEndpointTest, measures_the_servers_clock) {
    answers(200, token, {{"Date", "Fri, 15 Jan 2027 08:00:00 GMT"}});
    EXPECT_EQ(ask().server_skew, Span{});
    FakeHttp other;
    other.answer(url, 500, "", {{"Date", "Fri, 15 Jan 2027 08:10:00 GMT"}});
    EXPECT_EQ(TokenEndpoint(other, clock).ask(url, client, Form(), {}).server_skew, seconds(600));
    FakeHttp silent;
    silent.answer(url, 500, "");
    EXPECT_FALSE(TokenEndpoint(silent, clock).ask(url, client, Form(), {}).server_skew);
}

TEST_F(TokenEndpointTest, sends_nothing_over_plain_http) {
    const auto answer =
        TokenEndpoint(http, clock)
            .ask("http://login.example/token", client, refresh_grant(Secret("r"), {}), {});
    ASSERT_FALSE(answer.outcome);
    EXPECT_EQ(answer.outcome.error().error.remedy, Remedy::refused);
    EXPECT_FALSE(answer.outcome.error().worth_retrying);
    EXPECT_TRUE(http.seen().empty());
}

TEST_F(TokenEndpointTest, reads_how_long_a_refresh_token_lives) {
    const auto read = [](std::string_view more) {
        const std::string body =
            R"({"access_token":"a","token_type":"Bearer")" + std::string(more) + "}";
        return read_token_reply({.status = 200, .headers = {}, .body = Secret(body)}, {})
            ->refresh_expires_in;
    };
    EXPECT_EQ(read(R"(,"refresh_expires_in":1800)"), seconds(1800));
    EXPECT_EQ(read(R"(,"refresh_token_expires_in":60)"), seconds(60));
    EXPECT_FALSE(read(R"(,"refresh_expires_in":0)"));
    EXPECT_FALSE(read(""));
}

TEST(CodeGrantForm, repeats_the_redirect_and_names_the_resources) {
    EXPECT_EQ(code_grant(Secret("c"), Secret("v"), "http://127.0.0.1:1/cb", {"https://a/"})
                  .body()
                  .reveal(),
              "grant_type=authorization_code&code=c&code_verifier=v&redirect_uri=http%3A%2F%2F127."
              "0.0.1%3A1%2Fcb"
              "&resource=https%3A%2F%2Fa%2F");
}

}  // namespace
}  // namespace hearth::oauth
