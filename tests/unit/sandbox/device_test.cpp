#include "unit/sandbox/cloud_visit.hpp"

namespace hearth::sandbox::testing {

class Device : public CloudVisit {
  protected:
    void given_approval(std::optional<int> after_polls) {
        auto settings = defaults();
        settings.auto_approve = after_polls.has_value();
        settings.devices.approve_after_polls = after_polls;
        given(settings);
    }
    boost::json::object begin() {
        return json(post("/device_authorization",
                         {{"client_id", "sandbox"}, {"scope", "openid offline_access"}}));
    }
    Response poll(const boost::json::object& begun) {
        pass(seconds(5));
        return post("/token", {{"grant_type", std::string(grant::device)},
                               {"device_code", text(begun, "device_code")},
                               {"client_id", "sandbox"}});
    }
    Response decide(const boost::json::object& begun, const std::string& decision) {
        const auto page = post("/device", {{"user_code", text(begun, "user_code")}});
        return post(
            "/consent",
            {{"ticket", field(page, "ticket")}, {"username", "ada"}, {"decision", decision}});
    }
};

TEST_F(Device, is_told_its_codes_and_where_to_send_the_person) {
    const auto begun = begin();
    EXPECT_EQ(text(begun, "user_code").size(), 9U);
    EXPECT_EQ(text(begun, "verification_uri"), "http://127.0.0.1:7000/device");
    EXPECT_EQ(text(begun, "verification_uri_complete"),
              "http://127.0.0.1:7000/device?user_code=" + text(begun, "user_code"));
    EXPECT_EQ(begun.at("expires_in").as_int64(), 600);
    EXPECT_EQ(begun.at("interval").as_int64(), 5);
}

TEST_F(Device, is_approved_at_the_first_poll_when_everything_is) {
    EXPECT_TRUE(json(poll(begin())).contains("refresh_token"));
}

TEST_F(Device, is_approved_after_as_many_polls_as_were_asked_for) {
    given_approval(2);
    const auto begun = begin();
    EXPECT_EQ(error_of(poll(begun)), "authorization_pending");
    EXPECT_EQ(error_of(poll(begun)), "authorization_pending");
    EXPECT_EQ(poll(begun).status, 200);
}

TEST_F(Device, waits_for_the_person_and_gets_tokens_once) {
    given_approval(std::nullopt);
    const auto begun = begin();
    EXPECT_EQ(error_of(poll(begun)), "authorization_pending");
    EXPECT_EQ(decide(begun, "allow").status, 200);
    EXPECT_EQ(poll(begun).status, 200);
    EXPECT_EQ(text(family(0), "user"), "ada");
    EXPECT_EQ(error_of(poll(begun)), "invalid_grant");
}

TEST_F(Device, is_told_that_the_person_said_no) {
    given_approval(std::nullopt);
    const auto begun = begin();
    decide(begun, "deny");
    EXPECT_EQ(error_of(poll(begun)), "access_denied");
}

TEST_F(Device, that_polls_too_fast_must_slow_down_for_good) {
    given_approval(std::nullopt);
    const auto begun = begin();
    poll(begun);
    now -= seconds(4);
    EXPECT_EQ(error_of(poll(begun)), "slow_down");
    EXPECT_EQ(error_of(poll(begun)), "slow_down") << "five seconds are too few by now";
    pass(seconds(10));
    EXPECT_EQ(error_of(poll(begun)), "authorization_pending");
}

TEST_F(Device, code_expires) {
    given_approval(std::nullopt);
    const auto begun = begin();
    pass(seconds(600));
    EXPECT_EQ(error_of(poll(begun)), "expired_token");
    EXPECT_EQ(field(post("/device", {{"user_code", text(begun, "user_code")}}), "ticket"), "");
}

TEST_F(Device, code_is_shown_for_comparison_and_still_needs_a_yes) {
    given_approval(std::nullopt);
    const auto begun = begin();
    const auto entry = get("/device", {{"user_code", text(begun, "user_code")}});
    EXPECT_EQ(field(entry, "user_code"), text(begun, "user_code"));
    const auto page = post("/device", {{"user_code", text(begun, "user_code")}});
    EXPECT_NE(page.body.find(text(begun, "user_code")), std::string::npos);
    EXPECT_EQ(error_of(poll(begun)), "authorization_pending");
}

TEST_F(Device, code_may_be_typed_in_small_letters_without_the_dash) {
    given_approval(std::nullopt);
    std::string typed;
    for (const char letter : text(begin(), "user_code"))
        if (letter != '-') typed += static_cast<char>(letter - 'A' + 'a');
    EXPECT_NE(field(post("/device", {{"user_code", typed}}), "ticket"), "");
}

TEST_F(Device, code_of_another_client_is_refused) {
    const auto begun = begin();
    const auto& secret = cloud->state().clients.find("sandbox-secret")->secret;
    const auto response = post("/token", {{"grant_type", std::string(grant::device)},
                                          {"device_code", text(begun, "device_code")},
                                          {"client_id", "sandbox-secret"},
                                          {"client_secret", secret}});
    EXPECT_EQ(error_of(response), "invalid_grant");
}

}  // namespace hearth::sandbox::testing
