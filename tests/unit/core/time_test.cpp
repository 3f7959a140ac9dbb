#include "core/time.hpp"

#include <gtest/gtest.h>

namespace hearth {
namespace {

using namespace std::chrono_literals;

Instant at(std::string_view text) { return *parse_rfc3339(text); }

TEST(Rfc3339, round_trips) {
    for (const auto* text : {"1970-01-01T00:00:00Z", "2026-01-02T03:04:05Z", "2024-02-29T23:59:59Z",
                             "9999-12-31T23:59:59Z"}) {
        EXPECT_EQ(to_rfc3339(at(text)), text);
    }
}

TEST(Rfc3339, takes_offsets_and_fractions) {
    EXPECT_EQ(at("2026-01-02T03:04:05+01:30"), at("2026-01-02T01:34:05Z"));
    EXPECT_EQ(at("2026-01-02T03:04:05-00:30"), at("2026-01-02T03:34:05Z"));
    EXPECT_EQ(at("2026-01-02T03:04:05.123456Z") - at("2026-01-02T03:04:05Z"), 123ms);
    EXPECT_EQ(at("2016-12-31T23:59:60Z"), at("2017-01-01T00:00:00Z"));
}

TEST(Rfc3339, refuses_what_is_none) {
    for (const auto* text :
         {"", "2026", "2026-01-02", "2026-01-02T03:04:05", "2026-13-02T03:04:05Z",
          "2026-02-30T03:04:05Z", "2026-01-02T24:04:05Z", "2026-01-02T03:04:05Zx",
          "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05+25:00"}) {
        EXPECT_FALSE(parse_rfc3339(text)) << text;
    }
}

TEST(Rfc3339, refuses_an_offset_that_leads_out_of_four_digit_years) {
    EXPECT_TRUE(parse_rfc3339("9999-12-31T23:59:59Z"));
    EXPECT_FALSE(parse_rfc3339("9999-12-31T23:59:59-00:01"));
    EXPECT_TRUE(parse_rfc3339("0000-01-01T00:00:00Z"));
    EXPECT_FALSE(parse_rfc3339("0000-01-01T00:00:00+00:01"));
}

TEST(HttpDate, is_read) {
    EXPECT_EQ(parse_http_date("Fri, 02 Jan 2026 03:04:05 GMT"), at("2026-01-02T03:04:05Z"));
    for (const auto* text : {"", "Fri", "Fri, 02 Jan 2026 03:04:05",
                             "Fri, 02 Foo 2026 03:04:05 GMT", "Friday, 02-Jan-26 03:04:05 GMT"}) {
        EXPECT_FALSE(parse_http_date(text)) << text;
    }
}

TEST(Span, is_read_as_people_write_it) {
    EXPECT_EQ(parse_span("90s"), 90s);
    EXPECT_EQ(parse_span("5m"), 5min);
    EXPECT_EQ(parse_span("1h30m"), 90min);
    EXPECT_EQ(parse_span("2d"), 48h);
    EXPECT_EQ(parse_span("250ms"), 250ms);
    EXPECT_EQ(parse_span("300"), 300s);
    for (const auto* text :
         {"", "-5m", "5x", "m", "1h30", "99999999999999999999s", "9999999d", "5m "}) {
        EXPECT_FALSE(parse_span(text)) << text;
    }
}

TEST(Span, is_shown_in_its_two_largest_units) {
    EXPECT_EQ(to_string(Span(0s)), "0s");
    EXPECT_EQ(to_string(Span(42s)), "42s");
    EXPECT_EQ(to_string(Span(250ms)), "250ms");
    EXPECT_EQ(to_string(Span(59min + 59s)), "59m59s");
    EXPECT_EQ(to_string(Span(25h + 1s)), "1d1h");
    EXPECT_EQ(to_string(Span(24h + 5min)), "1d");
    EXPECT_EQ(to_string(Span(-90s)), "-1m30s");
}

class Lifetime : public ::testing::Test {
  protected:
    Moment now{.wall = Instant(1'800'000'000s),
               .boot = 1h,
               .boot_id = *BootId::parse("00112233-4455-6677-8899-aabbccddeeff")};
    Lifespan lifespan{now, 1h};
};

TEST_F(Lifetime, in_the_same_boot_is_measured_by_the_boot_clock) {
    Moment later = now;
    later.boot += 20min;
    later.wall -= 24h;
    EXPECT_EQ(lifespan.remaining(later), 40min);
    EXPECT_TRUE(lifespan.trusted(later));
}

TEST_F(Lifetime, after_a_reboot_is_measured_by_the_wall_clock) {
    const Moment later{.wall = now.wall + 20min,
                       .boot = 1min,
                       .boot_id = *BootId::parse("ffffffffffffffffffffffffffffffff")};
    EXPECT_EQ(lifespan.remaining(later), 40min);
    EXPECT_TRUE(lifespan.trusted(later));
}

TEST_F(Lifetime, after_a_reboot_with_the_clock_before_the_issue_is_not_trusted) {
    const Moment later{.wall = now.wall - 1s, .boot = 1min, .boot_id = {}};
    EXPECT_FALSE(lifespan.trusted(later));
}

TEST(BootId, refuses_what_is_none) {
    EXPECT_FALSE(BootId::parse(""));
    EXPECT_FALSE(BootId::parse("0011"));
    EXPECT_FALSE(BootId::parse("0011223344556677889900112233445g"));
    EXPECT_FALSE(BootId::parse("001122334455667788990011223344556"));
}

}  // namespace
}  // namespace hearth
