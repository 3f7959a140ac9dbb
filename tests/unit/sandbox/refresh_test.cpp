#include "unit/sandbox/cloud_visit.hpp"

namespace hearth::sandbox::testing {

class Refresh : public CloudVisit {
  protected:
    void given_leeway(seconds leeway) {
        auto settings = defaults();
        settings.lifetimes.leeway = leeway;
        given(settings);
    }
};

TEST_F(Refresh, brings_a_new_pair_and_keeps_the_old_access_token_alive) {
    const auto first = sign_in();
    const auto second = json(refresh(text(first, "refresh_token")));
    EXPECT_NE(text(second, "refresh_token"), text(first, "refresh_token"));
    EXPECT_NE(text(second, "access_token"), text(first, "access_token"));
    EXPECT_EQ(userinfo(text(first, "access_token")).status, 200);
    EXPECT_EQ(userinfo(text(second, "access_token")).status, 200);
}

TEST_F(Refresh, with_a_token_that_was_used_before_revokes_the_whole_family) {
    const auto first = sign_in();
    const auto second = json(refresh(text(first, "refresh_token")));
    EXPECT_EQ(error_of(refresh(text(first, "refresh_token"))), "invalid_grant");
    EXPECT_EQ(error_of(refresh(text(second, "refresh_token"))), "invalid_grant");
    EXPECT_EQ(userinfo(text(second, "access_token")).status, 401);
    EXPECT_EQ(text(family(0), "state"), "revoked");
    EXPECT_EQ(text(family(0), "why"), "refresh token used twice");
}

TEST_F(Refresh, within_the_leeway_answers_again_with_the_same_successor) {
    given_leeway(seconds(10));
    const auto first = sign_in();
    const auto second = json(refresh(text(first, "refresh_token")));
    pass(seconds(9));
    const auto again = json(refresh(text(first, "refresh_token")));
    EXPECT_EQ(text(again, "refresh_token"), text(second, "refresh_token"));
    EXPECT_EQ(text(again, "access_token"), text(second, "access_token"));
    EXPECT_EQ(again.at("expires_in").as_int64(), 3591);
}

TEST_F(Refresh, after_the_leeway_is_reuse) {
    given_leeway(seconds(10));
    const auto first = sign_in();
    refresh(text(first, "refresh_token"));
    pass(seconds(10));
    EXPECT_EQ(error_of(refresh(text(first, "refresh_token"))), "invalid_grant");
    EXPECT_EQ(text(family(0), "state"), "revoked");
}

TEST_F(Refresh, with_the_token_before_the_last_one_is_reuse_even_within_the_leeway) {
    given_leeway(seconds(10));
    const auto first = sign_in();
    const auto second = json(refresh(text(first, "refresh_token")));
    refresh(text(second, "refresh_token"));
    EXPECT_EQ(error_of(refresh(text(first, "refresh_token"))), "invalid_grant");
}

TEST_F(Refresh, without_rotation_keeps_the_token_and_does_not_repeat_it) {
    auto settings = defaults();
    settings.lifetimes.rotation = false;
    given(settings);
    const auto first = sign_in();
    for (int time = 0; time < 3; ++time) {
        const auto reply = refresh(text(first, "refresh_token"));
        EXPECT_EQ(reply.status, 200);
        EXPECT_FALSE(json(reply).contains("refresh_token"));
    }
}

TEST_F(Refresh, may_narrow_the_scope_but_not_widen_it) {
    const auto first = sign_in("openid profile offline_access");
    const auto narrow = json(refresh(text(first, "refresh_token"), {{"scope", "openid"}}));
    EXPECT_EQ(text(narrow, "scope"), "openid");
    const auto wide = refresh(text(narrow, "refresh_token"), {{"scope", "openid email"}});
    EXPECT_EQ(error_of(wide), "invalid_scope");
    const auto whole = json(refresh(text(narrow, "refresh_token")));
    EXPECT_EQ(text(whole, "scope"), "openid profile offline_access");
}

TEST_F(Refresh, of_an_expired_token_is_refused_and_revokes_nothing) {
    auto settings = defaults();
    settings.lifetimes.refresh = seconds(100);
    given(settings);
    const auto first = sign_in();
    pass(seconds(100));
    EXPECT_EQ(error_of(refresh(text(first, "refresh_token"))), "invalid_grant");
    EXPECT_EQ(text(family(0), "state"), "live");
}

TEST_F(Refresh, with_an_unknown_token_is_refused) {
    EXPECT_EQ(error_of(refresh("made-up")), "invalid_grant");
}

TEST_F(Refresh, is_recorded_with_the_generation_shown_and_the_one_issued) {
    refresh(text(sign_in(), "refresh_token"));
    const auto request = json(get("/_sandbox/records")).at("token_requests").at(1).as_object();
    EXPECT_EQ(text(request, "grant"), "refresh_token");
    EXPECT_EQ(request.at("presented").as_int64(), 0);
    EXPECT_EQ(request.at("generation").as_int64(), 1);
}

TEST_F(Refresh, is_refused_after_all_families_were_revoked) {
    const auto first = sign_in();
    EXPECT_EQ(post("/_sandbox/revoke-families", {}).status, 200);
    EXPECT_EQ(error_of(refresh(text(first, "refresh_token"))), "invalid_grant");
}

TEST_F(Refresh, works_after_all_access_tokens_were_expired) {
    const auto first = sign_in();
    EXPECT_EQ(post("/_sandbox/expire", {}).status, 200);
    EXPECT_EQ(userinfo(text(first, "access_token")).status, 401);
    const auto second = json(refresh(text(first, "refresh_token")));
    EXPECT_EQ(userinfo(text(second, "access_token")).status, 200);
}

TEST_F(Refresh, access_tokens_end_with_their_lifetime) {
    const auto first = sign_in();
    pass(seconds(3599));
    EXPECT_EQ(userinfo(text(first, "access_token")).status, 200);
    pass(seconds(1));
    EXPECT_EQ(userinfo(text(first, "access_token")).status, 401);
}

}  // namespace hearth::sandbox::testing
