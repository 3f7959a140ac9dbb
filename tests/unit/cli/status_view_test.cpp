#include "cli/status_view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "cli/escape.hpp"

namespace hearth::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string rendered(const std::string& profiles, StatusStyle style = {}) {
    const auto text =
        R"({"now":"2026-01-02T03:00:00Z","store":{"kind":"sealed","description":"sealed files",)"
        R"("state":"ready"},"profiles":[)" +
        profiles + "]}";
    const auto view = JsonView::parse(text);
    EXPECT_TRUE(view.has_value()) << text;
    return status_text(view.value_or(JsonView()), style);
}

std::vector<std::string> lines_of(const std::string& text) {
    std::istringstream in(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

const std::string fresh =
    R"({"profile":"work","provider":"oidc","state":"fresh","account":"alice@example.com",)"
    R"("expires_at":"2026-01-02T03:59:00Z","seconds_left":3540,"renews_at":"2026-01-02T03:54:00Z","source":"sealed session"})";

TEST(StatusTable, shows_what_is_left_and_when_it_is_renewed) {
    const auto lines = lines_of(rendered(fresh));
    ASSERT_GE(lines.size(), 2U);
    EXPECT_THAT(lines[0], AllOf(StartsWith("PROFILE  PROVIDER  STATE"), HasSubstr("RENEWS")));
    EXPECT_THAT(lines[1], AllOf(StartsWith("work"), HasSubstr("alice@example.com"),
                                HasSubstr("59m"), HasSubstr("in 54m")));
    EXPECT_LE(columns(lines[1]), 80U);
}

TEST(StatusTable, reckons_from_the_token_when_the_agent_does_not_tell_its_time) {
    const auto text = R"({"profiles":[)" + fresh + "]}";
    const auto view = JsonView::parse(text);
    EXPECT_THAT(status_text(*view, {}), HasSubstr("in 54m"));
}

TEST(StatusTable, stays_aligned_with_wide_and_accented_names) {
    const auto lines = lines_of(rendered(
        R"({"profile":"a","provider":"oidc","state":"fresh","account":"日本語","source":"X"},)"
        R"({"profile":"b","provider":"oidc","state":"fresh","account":"Zoë","source":"X"})"));
    ASSERT_GE(lines.size(), 3U);
    EXPECT_EQ(columns(lines[1].substr(0, lines[1].find('X'))),
              columns(lines[2].substr(0, lines[2].find('X'))));
    EXPECT_EQ(columns(lines[1].substr(0, lines[1].find('X'))),
              columns(lines[0].substr(0, lines[0].find("SOURCE"))));
}

TEST(StatusTable, shortens_the_account_to_fit_the_terminal) {
    const auto wide = R"({"profile":"work","provider":"oidc","state":"fresh","account":")" +
                      std::string(60, 'a') + R"(","seconds_left":60,"source":"keychain session"})";
    for (const auto& line : lines_of(rendered(wide, {.width = 80})))
        EXPECT_LE(columns(line), 80U) << line;
    EXPECT_THAT(rendered(wide), HasSubstr(std::string(60, 'a')));
}

TEST(StatusTable, shows_a_key_by_its_fingerprint) {
    EXPECT_THAT(rendered(R"({"profile":"claude","provider":"claude","state":"fresh",)"
                         R"("kind":"api_key","fingerprint":"0123456789ab","account":null})"),
                HasSubstr("API key 0123456789ab"));
}

TEST(StatusTable, says_why_a_session_is_refused) {
    EXPECT_THAT(
        rendered(R"({"profile":"claude","provider":"claude","state":"refused",)"
                 R"("last_error":"'claude' requires the organisation o-1"})"),
        AllOf(HasSubstr("refused"), HasSubstr("claude: 'claude' requires the organisation o-1\n")));
}

TEST(StatusTable, makes_harmless_what_a_server_wrote) {
    const auto text =
        rendered(R"({"profile":"work","state":"fresh","account":"\u001b[31mroot\nfake"})",
                 {.colours = true});
    EXPECT_THAT(text, AllOf(HasSubstr("\\x1b[31mroot\\nfake"), Not(HasSubstr("\x1b[31m"))));
}

TEST(StatusTable, colours_the_state_only_when_asked) {
    EXPECT_THAT(rendered(fresh), Not(HasSubstr("\x1b")));
    EXPECT_THAT(rendered(fresh, {.colours = true}), HasSubstr("\x1b[32mfresh\x1b[0m"));
}

TEST(StatusNotes, name_the_last_error_and_the_next_step) {
    EXPECT_THAT(
        rendered(
            R"({"profile":"work","state":"sign_in_needed","last_error":"the grant was revoked"})"),
        AllOf(HasSubstr("sign-in needed"),
              HasSubstr("work: the grant was revoked; next: hearth login work\n")));
}

TEST(StatusNotes, warn_of_a_sign_in_that_ends_within_three_days) {
    const auto ending = [](const std::string& at) {
        return rendered(R"({"profile":"work","state":"fresh","refresh_expires_at":")" + at +
                        R"("})");
    };
    EXPECT_THAT(ending("2026-01-04T03:00:00Z"),
                HasSubstr("work: the sign-in itself ends in 2d; next: hearth login work"));
    EXPECT_THAT(ending("2026-01-06T03:00:00Z"), Not(HasSubstr("sign-in itself")));
    EXPECT_THAT(ending("2026-01-01T03:00:00Z"), HasSubstr("has ended"));
}

TEST(StatusNotes, tell_of_a_clock_that_differs) {
    EXPECT_THAT(rendered(R"({"profile":"work","skew_seconds":-95})"),
                HasSubstr("1m35s behind this machine's"));
    EXPECT_THAT(rendered(R"({"profile":"work","skew_seconds":40})"),
                HasSubstr("40s ahead of this machine's"));
    EXPECT_THAT(rendered(R"({"profile":"work","skew_seconds":5})"), Not(HasSubstr("clock")));
}

TEST(StatusNotes, tell_who_waits) {
    EXPECT_THAT(rendered(R"({"profile":"work","state":"waiting"})"),
                HasSubstr("work: its renewal waits"));
}

TEST(StatusNotes, say_which_store_holds_the_sessions) {
    EXPECT_THAT(rendered(fresh), HasSubstr("store: sealed files (ready)\n"));
    EXPECT_THAT(rendered(""), AllOf(HasSubstr("no profile yet"), HasSubstr("store: ")));
}

}  // namespace
}  // namespace hearth::cli
