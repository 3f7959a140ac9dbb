#include "unit/sandbox/cloud_visit.hpp"

namespace hearth::sandbox::testing {

class Misbehaving : public CloudVisit {
  protected:
    void given_fault(const std::string& spec) {
        auto fault = Fault::parse(spec);
        ASSERT_TRUE(fault) << fault.error();
        cloud->state().faults.add(*std::move(fault));
    }
    Request renewal(const std::string& token) {
        return {.method = "POST",
                .path = "/token",
                .query = {},
                .headers = {{"Content-Type", "application/x-www-form-urlencoded"}},
                .body = to_query({{"grant_type", "refresh_token"},
                                  {"refresh_token", token},
                                  {"client_id", "sandbox"}})};
    }
    std::int64_t generation() { return family(0).at("generation").as_int64(); }
};

TEST_F(Misbehaving, fault_happens_as_often_as_was_said) {
    given_fault("jwks:status=503@2");
    EXPECT_EQ(get("/jwks").status, 503);
    EXPECT_EQ(get("/jwks").status, 503);
    EXPECT_EQ(get("/jwks").status, 200);
}

TEST_F(Misbehaving, fault_of_refresh_leaves_the_code_exchange_alone) {
    given_fault("refresh:status=500");
    const auto tokens = sign_in();
    EXPECT_EQ(refresh(text(tokens, "refresh_token")).status, 500);
    EXPECT_EQ(generation(), 0);
}

TEST_F(Misbehaving, status_can_say_when_to_come_back) {
    given_fault("refresh:status=429,retry-after=7@1");
    const auto response = refresh("made-up");
    EXPECT_EQ(response.status, 429);
    EXPECT_EQ(response.header("Retry-After"), "7");
    EXPECT_EQ(error_of(refresh("made-up")), "invalid_grant");
}

TEST_F(Misbehaving, drop_before_closes_and_changes_nothing) {
    const auto tokens = sign_in();
    given_fault("refresh:drop-before@1");
    EXPECT_EQ(visit(renewal(text(tokens, "refresh_token"))).delivery.cut,
              Delivery::Cut::before_answer);
    EXPECT_EQ(generation(), 0);
    EXPECT_EQ(refresh(text(tokens, "refresh_token")).status, 200);
}

TEST_F(Misbehaving, drop_after_closes_when_the_token_was_rotated) {
    const auto tokens = sign_in();
    given_fault("refresh:drop-after@1");
    EXPECT_EQ(visit(renewal(text(tokens, "refresh_token"))).delivery.cut,
              Delivery::Cut::before_answer);
    EXPECT_EQ(generation(), 1);
    EXPECT_EQ(error_of(refresh(text(tokens, "refresh_token"))), "invalid_grant");
}

TEST_F(Misbehaving, truncate_cuts_an_answer_that_took_effect) {
    const auto tokens = sign_in();
    given_fault("refresh:truncate@1");
    const auto answer = visit(renewal(text(tokens, "refresh_token")));
    EXPECT_EQ(answer.delivery.cut, Delivery::Cut::in_body);
    EXPECT_EQ(generation(), 1);
}

TEST_F(Misbehaving, garbage_is_no_json_and_changes_nothing) {
    const auto tokens = sign_in();
    given_fault("refresh:garbage@1");
    const auto response = refresh(text(tokens, "refresh_token"));
    EXPECT_EQ(response.status, 200);
    EXPECT_TRUE(json(response).empty());
    EXPECT_EQ(generation(), 0);
}

TEST_F(Misbehaving, delay_comes_before_the_effect_and_delay_answer_after_it) {
    given_fault("jwks:delay=1500@1");
    given_fault("discovery:delay-answer=250");
    const Request request{.method = "GET",
                          .path = "/jwks",
                          .query = {},
                          .headers = {{"Host", "localhost"}},
                          .body = {}};
    EXPECT_EQ(cloud->admit(request).delay, milliseconds(1500));
    const auto answer = visit({.method = "GET",
                               .path = "/.well-known/openid-configuration",
                               .query = {},
                               .headers = {},
                               .body = {}});
    EXPECT_EQ(answer.delivery.delay, milliseconds(250));
}

TEST_F(Misbehaving, can_lie_about_the_content_type_and_the_date) {
    given_fault("jwks:content-type=text/html,skew=-3600");
    const auto answer =
        visit({.method = "GET", .path = "/jwks", .query = {}, .headers = {}, .body = {}});
    EXPECT_EQ(answer.response.header("Content-Type"), "text/html");
    EXPECT_EQ(answer.delivery.date_skew, seconds(-3600));
}

TEST_F(Misbehaving, can_call_a_good_grant_invalid) {
    const auto tokens = sign_in();
    given_fault("refresh:invalid-grant@1");
    EXPECT_EQ(error_of(refresh(text(tokens, "refresh_token"))), "invalid_grant");
    EXPECT_EQ(text(family(0), "state"), "live");
    EXPECT_EQ(refresh(text(tokens, "refresh_token")).status, 200);
}

TEST_F(Misbehaving, is_recorded) {
    given_fault("refresh:status=503@1");
    refresh(text(sign_in(), "refresh_token"));
    const auto record = json(get("/_sandbox/records")).at("token_requests").at(1).as_object();
    EXPECT_EQ(text(record, "outcome"), "not_processed");
    EXPECT_EQ(text(record, "grant"), "refresh_token");
    EXPECT_EQ(record.at("faults").at(0).as_string(), "refresh:status=503@1");
}

TEST_F(Misbehaving, is_set_listed_and_cleared_at_run_time) {
    EXPECT_EQ(
        post_json("/_sandbox/faults", {{"faults", {"jwks:status=503", "token:garbage"}}}).status,
        200);
    EXPECT_EQ(json(get("/_sandbox/faults")).at("faults").as_array().size(), 2U);
    EXPECT_EQ(get("/jwks").status, 503);
    EXPECT_EQ(post_json("/_sandbox/faults", {{"faults", {"jwks:nonsense", "jwks:garbage"}}}).status,
              400);
    EXPECT_EQ(json(get("/_sandbox/faults")).at("faults").as_array().size(), 2U)
        << "all of a request or none";
    EXPECT_EQ(post_json("/_sandbox/faults", {{"clear", true}}).status, 200);
    EXPECT_EQ(get("/jwks").status, 200);
}

TEST_F(Misbehaving, never_touches_the_controls) {
    given_fault("any:status=503");
    EXPECT_EQ(get("/_sandbox/records").status, 200);
    EXPECT_EQ(get("/jwks").status, 503);
}

TEST(FaultSpec, says_what_is_wrong_with_it) {
    for (const char* spec : {"", "token", "token:", "nowhere:garbage", "token:nonsense",
                             "token:status", "token:status=abc", "token:status=99",
                             "token:garbage=1", "token:garbage@0", "token:garbage@x"})
        EXPECT_FALSE(Fault::parse(spec)) << spec;
}

TEST(FaultSpec, may_use_a_colon_for_the_value) {
    const auto fault = Fault::parse("messages:status:529@3");
    ASSERT_TRUE(fault);
    EXPECT_EQ(fault->behaviours.at(0).amount, 529);
    EXPECT_EQ(fault->remaining, 3);
}

}  // namespace hearth::sandbox::testing
