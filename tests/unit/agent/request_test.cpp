#include "agent/request.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace hearth::agent {
namespace {

TEST(Request, names_its_operation_and_profile) {
    const auto request =
        Request::parse(R"({"op":"token","profile":"work","min_ttl":90,"client":"9.9","x":[1]})");
    ASSERT_TRUE(request);
    EXPECT_EQ(request->operation(), "token");
    EXPECT_EQ(request->profile()->text(), "work");
    EXPECT_EQ(**request->min_ttl(), std::chrono::seconds(90));
    EXPECT_EQ(request->client(), "9.9");
}

TEST(Request, that_is_nonsense_is_refused_without_being_quoted) {
    const std::string deep(100'000, '[');
    for (const auto& line :
         {std::string(), std::string("{"), std::string("null"), std::string("[]"), deep,
          std::string("{\"op\":\"tok\xFFsecret\"}"), std::string("{\"op\":5}"),
          std::string("{\"opp\":\"secret\"}"), std::string("{\"op\":\"\"}"),
          std::string("{\"op\":\"token\"} secret"), std::string("secret\0", 7)}) {
        const auto request = Request::parse(line);
        ASSERT_FALSE(request) << line.substr(0, 50);
        EXPECT_EQ(request.error().remedy, Remedy::usage);
        EXPECT_EQ(request.error().what.find("secret"), std::string::npos);
    }
}

TEST(Request, may_be_the_report_on_a_helper) {
    for (const auto* line : {R"({"helper_output":"t"})", R"({"helper_failed":{"how":"exited"}})"}) {
        const auto request = Request::parse(line);
        ASSERT_TRUE(request) << line;
        EXPECT_TRUE(request->is_report());
        EXPECT_FALSE(request->is_paste());
    }
    EXPECT_FALSE(Request::parse(R"({"op":"token","helper_output":"t"})")->is_report());
}

TEST(Request, with_a_bad_profile_or_min_ttl_says_which) {
    EXPECT_FALSE(Request::parse(R"({"op":"token"})")->profile());
    EXPECT_FALSE(Request::parse(R"({"op":"token","profile":"../x"})")->profile());
    EXPECT_FALSE(Request::parse(R"({"op":"token","profile":7})")->profile());
    const auto min_ttl = Request::parse(R"({"op":"token","min_ttl":"soon"})")->min_ttl();
    ASSERT_FALSE(min_ttl);
    EXPECT_NE(min_ttl.error().what.find("min_ttl"), std::string::npos);
}

TEST(Request, without_an_operation_may_carry_what_was_pasted) {
    const auto request = Request::parse(R"({"paste":"code"})");
    ASSERT_TRUE(request);
    EXPECT_TRUE(request->is_paste());
    EXPECT_FALSE(request->is_report());
}

TEST(TokenRequest, reads_the_shapes_that_clients_send) {
    const auto plain = TokenRequest::parse(R"({"op":"token","profile":"work"})");
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->profile, "work");
    EXPECT_FALSE(plain->min_ttl);
    const auto full = TokenRequest::parse(
        R"({"op":"token","profile":"w","min_ttl":300,"client":"0.1.0","non_interactive":true})");
    ASSERT_TRUE(full);
    EXPECT_EQ(full->min_ttl, std::chrono::minutes(5));
    EXPECT_EQ(full->client, "0.1.0");
}

TEST(TokenRequest, leaves_everything_unusual_to_the_general_parser) {
    for (const auto* line :
         {"", "{}", R"({"op":"token"})", R"({"profile":"work","op":"token"})",
          R"({ "op":"token","profile":"work"})", R"({"op":"token","profile":"work"} )",
          R"({"op":"token","profile":""})", R"({"op":"token","profile":"\u0077"})",
          R"({"op":"token","profile":"w","profile":"x"})",
          R"({"op":"token","profile":"w","min_ttl":-1})",
          R"({"op":"token","profile":"w","min_ttl":1.5})",
          R"({"op":"token","profile":"w","min_ttl":01})",
          R"({"op":"token","profile":"w","min_ttl":9999999999})",
          R"({"op":"token","profile":"w","min_ttl":1,"min_ttl":2})",
          R"({"op":"token","profile":"w","other":1})", R"({"op":"token","profile":"w",})",
          R"({"op":"token","profile":"w")", "{\"op\":\"token\",\"profile\":\"w\xC3\xA4\"}"}) {
        EXPECT_FALSE(TokenRequest::parse(line)) << line;
    }
}

// The quick way must never understand a line in another way than the general one.
TEST(TokenRequest, agrees_with_the_general_parser_on_every_line_it_accepts) {
    constexpr std::string_view pieces = "{}\",:[]\\0123456789truefalsnopmi_tlc \x01\x7F\xC3";
    const std::array seeds{
        std::string(R"({"op":"token","profile":"work","min_ttl":300,"client":"0.1.0"})"),
        std::string(R"({"op":"token","profile":"a.b-c_d","non_interactive":false,"min_ttl":0})")};
    std::mt19937 dice(7);
    int accepted = 0;
    for (int round = 0; round < 60'000; ++round) {
        auto line = seeds.at(dice() % seeds.size());
        for (auto changes = dice() % 3; changes > 0; --changes) {
            const auto at = dice() % line.size();
            const char piece = pieces[dice() % pieces.size()];
            if (dice() % 3 == 0)
                line.erase(at, 1 + dice() % 12);
            else if (dice() % 2 == 0)
                line.insert(at, 1, piece);
            else
                line[at] = piece;
            if (line.empty()) line = "{";
        }
        const auto quick = TokenRequest::parse(line);
        if (!quick) continue;
        ++accepted;
        const auto general = Request::parse(line);
        ASSERT_TRUE(general) << line;
        EXPECT_EQ(general->operation(), "token") << line;
        EXPECT_EQ(general->members().text("profile"), quick->profile) << line;
        EXPECT_EQ(general->client(), quick->client) << line;
        EXPECT_EQ(general->min_ttl().value_or(Span(-1)), quick->min_ttl) << line;
    }
    EXPECT_GT(accepted, 10'000);
}

}  // namespace
}  // namespace hearth::agent
