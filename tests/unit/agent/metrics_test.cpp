#include "agent/metrics_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/exposition.hpp"

namespace hearth::agent {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;
using Kind = session::Event::Kind;

ProfileName name(std::string_view text) { return *ProfileName::parse(text); }

TEST(Exposition, says_what_a_metric_is_before_its_samples) {
    Exposition text;
    text.metric("hearth_things_total", Exposition::Type::counter, "Things.");
    text.sample({{"profile", "work"}, {"kind", "a"}}, std::uint64_t{3});
    text.sample({}, std::int64_t{-7});
    EXPECT_EQ(text.text(),
              "# HELP hearth_things_total Things.\n"
              "# TYPE hearth_things_total counter\n"
              "hearth_things_total{profile=\"work\",kind=\"a\"} 3\n"
              "hearth_things_total -7\n");
}

TEST(Exposition, lets_no_value_of_a_label_end_early) {
    Exposition text;
    text.metric("one", Exposition::Type::gauge, "");
    text.sample({{"profile", "a\"} 9\nother{x=\"\\"}}, std::uint64_t{1});
    EXPECT_THAT(text.text(), HasSubstr(R"(one{profile="a\"} 9\nother{x=\"\\"} 1)"));
}

TEST(Exposition, escapes_line_ends_and_backslashes_of_a_help_text_and_nothing_else) {
    Exposition text;
    text.metric("one", Exposition::Type::gauge, "a\\b\nc \"d\"");
    EXPECT_EQ(text.text(), "# HELP one a\\\\b\\nc \"d\"\n# TYPE one gauge\n");
}

TEST(Exposition, writes_the_whole_range_of_its_numbers) {
    Exposition text;
    text.metric("one", Exposition::Type::gauge, "");
    text.sample({}, ~std::uint64_t{0});
    EXPECT_THAT(text.text(), HasSubstr("one 18446744073709551615\n"));
}

class MetricsReport : public ::testing::Test {
  protected:
    void given_profile(std::string_view text, session::State state) {
        session::ProfileStatus status{
            .profile = name(text), .provider = "oidc", .state = state, .source = "sealed session"};
        status.account.email = "person@example.com";
        status.account.subject = "account-id-1";
        status.account.organization_id = "organization-id-1";
        status.last_error = "words of the last error";
        observed.profiles.push_back({.status = status, .name = std::string(text)});
    }
    void happens(std::string_view profile, Kind kind) {
        counted.on_event({.kind = kind,
                          .at = {},
                          .profile = name(profile),
                          .text = "words of an event",
                          .expires_at = {}});
    }
    [[nodiscard]] std::string text() const { return report(counted, observed); }

    Metrics counted;
    Observed observed{.version = "1.2.3",
                      .since = Instant(1'700'000'000'900ms),
                      .connections = 3,
                      .profiles = {}};
};

TEST_F(MetricsReport, tells_of_the_agent_itself) {
    EXPECT_THAT(text(), HasSubstr("\nhearth_build_info{version=\"1.2.3\"} 1\n"));
    EXPECT_THAT(text(), HasSubstr("\nhearth_agent_start_time_seconds 1700000000\n"));
    EXPECT_THAT(text(), HasSubstr("\nhearth_connections 3\n"));
}

TEST_F(MetricsReport, counts_renewals_by_how_they_ended_from_zero_on) {
    given_profile("work", session::State::fresh);
    EXPECT_THAT(text(), HasSubstr(R"(hearth_renewals_total{profile="work",outcome="renewed"} 0)"));
    happens("work", Kind::renewed);
    happens("work", Kind::renewed);
    happens("work", Kind::renewal_failed);
    EXPECT_THAT(text(), HasSubstr(R"(hearth_renewals_total{profile="work",outcome="renewed"} 2)"));
    EXPECT_THAT(text(), HasSubstr(R"(hearth_renewals_total{profile="work",outcome="failed"} 1)"));
    EXPECT_THAT(text(), HasSubstr(R"(hearth_events_total{profile="work",event="renewed"} 2)"));
}

TEST_F(MetricsReport, keeps_profiles_apart) {
    given_profile("home", session::State::fresh);
    given_profile("work", session::State::fresh);
    happens("work", Kind::sink_written);
    ++counted.handed_out(name("work"));
    counted.rejected(name("home"));
    EXPECT_THAT(text(), HasSubstr(R"(hearth_handed_out_total{profile="home"} 0)"));
    EXPECT_THAT(text(), HasSubstr(R"(hearth_handed_out_total{profile="work"} 1)"));
    EXPECT_THAT(text(), HasSubstr(R"(hearth_rejected_total{profile="home"} 1)"));
    EXPECT_THAT(text(),
                HasSubstr(R"(hearth_sink_changes_total{profile="work",outcome="written"} 1)"));
    EXPECT_THAT(text(),
                HasSubstr(R"(hearth_sink_changes_total{profile="home",outcome="written"} 0)"));
}

TEST_F(MetricsReport, has_one_state_of_a_profile_at_a_time) {
    given_profile("work", session::State::sign_in_needed);
    EXPECT_THAT(text(),
                HasSubstr(R"(hearth_profile_state{profile="work",state="sign_in_needed"} 1)"));
    EXPECT_THAT(text(), HasSubstr(R"(hearth_profile_state{profile="work",state="fresh"} 0)"));
}

TEST_F(MetricsReport, leaves_out_an_instant_that_is_not_known) {
    given_profile("key", session::State::fresh);
    given_profile("work", session::State::fresh);
    observed.profiles.back().status.expires_at = Instant(1'800'000'000s);
    EXPECT_THAT(text(),
                HasSubstr("hearth_token_expiry_timestamp_seconds{profile=\"work\"} 1800000000\n"));
    EXPECT_THAT(text(), Not(HasSubstr("hearth_token_expiry_timestamp_seconds{profile=\"key\"}")));
}

TEST_F(MetricsReport, has_neither_accounts_nor_words_of_errors) {
    given_profile("work", session::State::fresh);
    happens("work", Kind::renewal_failed);
    for (const auto* hidden : {"person@", "account-id", "organization-id", "words of"})
        EXPECT_THAT(text(), Not(HasSubstr(hidden)));
}

TEST_F(MetricsReport, forgets_a_profile_that_is_gone_and_shows_none_that_is_not_there) {
    given_profile("work", session::State::fresh);
    happens("work", Kind::renewed);
    happens("gone", Kind::renewed);
    EXPECT_THAT(text(), Not(HasSubstr("gone")));
    Settings settings;
    settings.profiles.emplace(name("work"), nullptr);
    counted.keep_only(settings);
    given_profile("gone", session::State::signed_out);
    EXPECT_THAT(text(), HasSubstr(R"(hearth_renewals_total{profile="work",outcome="renewed"} 1)"));
    EXPECT_THAT(text(), HasSubstr(R"(hearth_renewals_total{profile="gone",outcome="renewed"} 0)"));
}

TEST(Metrics, leave_the_count_of_hand_outs_where_it_is) {
    Metrics counted;
    auto& count = counted.handed_out(name("m"));
    for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyz"))
        ++counted.handed_out(name({&c, 1}));
    ++count;
    EXPECT_EQ(counted.of(name("m")).handed_out, 2U);
}

}  // namespace
}  // namespace hearth::agent
