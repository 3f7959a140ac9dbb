#include "agent/endpoint_judge.hpp"

#include <gtest/gtest.h>

#include <string>

#include "agent/endpoint_container.hpp"

namespace hearth::agent {
namespace {

constexpr auto path = "/0123456789abcdef0123456789abcdef";
constexpr auto token = "a-token-that-only-this-endpoint-has";

class EndpointJudge : public ::testing::Test {
  protected:
    // A request as the SDKs make it, with what a test says in the place of a line of the same
    // header, or beside the others.
    static std::string request(const std::string& line = {}, const std::string& more = {}) {
        return (line.empty() ? std::string("GET ") + path + " HTTP/1.1" : line) +
               "\r\nHost: 127.0.0.1:4711\r\nAccept: application/json\r\nAuthorization: " + token +
               "\r\n" + more + "\r\n";
    }
    static std::string without(const std::string& header) {
        auto text = request();
        const auto from = text.find(header);
        return text.erase(from, text.find("\r\n", from) + 2 - from);
    }
    static std::string with_host(const std::string& host) {
        auto text = without("Host:");
        return text.insert(text.find("\r\n") + 2, "Host: " + host + "\r\n");
    }
    // What becomes of the request at an endpoint with that token.
    static Verdict verdict(const std::string& bytes, const std::string& own = token) {
        const auto judgement = judge(bytes, port);
        if (judgement.verdict != Verdict::granted) return judgement.verdict;
        return ContainerFace(path, Secret(own)).judge(judgement.question);
    }

    static constexpr std::uint16_t port = 4711;
};

TEST_F(EndpointJudge, grants_what_the_sdks_send) {
    const auto judgement = judge(request(), port);
    EXPECT_EQ(judgement.verdict, Verdict::granted);
    EXPECT_EQ(judgement.size, request().size());
    EXPECT_TRUE(judgement.keeps);
}

TEST_F(EndpointJudge, hears_whether_a_program_means_a_metadata_server) {
    const auto flavored = [](const std::string& line) {
        return judge(request({}, line + "\r\n"), port).question.flavored;
    };
    EXPECT_TRUE(flavored("Metadata-Flavor: Google"));
    EXPECT_TRUE(flavored("metadata-flavor: Google"));
    EXPECT_FALSE(flavored("Metadata-Flavor: Amazon"));
    EXPECT_FALSE(flavored("X-Metadata-Flavor: Google"));
}

TEST_F(EndpointJudge, waits_for_the_rest_of_a_request) {
    const auto whole = request();
    for (std::size_t size = 0; size < whole.size(); ++size)
        ASSERT_EQ(verdict(whole.substr(0, size)), Verdict::unfinished) << size;
}

TEST_F(EndpointJudge, tells_where_the_next_request_begins) {
    EXPECT_EQ(judge(request() + request(), port).size, request().size());
}

TEST_F(EndpointJudge, hears_that_a_program_does_not_ask_again) {
    EXPECT_FALSE(judge(request({}, "Connection: close\r\n"), port).keeps);
    EXPECT_FALSE(judge(request(std::string("GET ") + path + " HTTP/1.0"), port).keeps);
}

TEST_F(EndpointJudge, takes_the_names_of_this_machine_and_no_others) {
    for (const auto* own : {"127.0.0.1:4711", "localhost:4711", "LocalHost:4711", "[::1]:4711"})
        EXPECT_EQ(verdict(with_host(own)), Verdict::granted) << own;
    for (const auto* foreign :
         {"evil.example:4711", "127.0.0.1", "127.0.0.1:80", "127.0.0.1:47110", "localhost", ":4711",
          "", "127.0.0.1.evil.example:4711", "evil.example", "localhost:4711.evil.example"})
        EXPECT_EQ(verdict(with_host(foreign)), Verdict::foreign_host) << foreign;
    EXPECT_EQ(verdict(without("Host:")), Verdict::foreign_host);
}

TEST_F(EndpointJudge, refuses_browsers_and_proxies) {
    for (const auto* line :
         {"Origin: http://127.0.0.1:4711", "origin: null", "Sec-Fetch-Site: none",
          "sec-fetch-mode: cors", "X-Forwarded-For: 127.0.0.1", "x-forwarded-host: localhost",
          "Forwarded: for=127.0.0.1", "Via: 1.1 proxy"})
        EXPECT_EQ(verdict(request({}, std::string(line) + "\r\n")), Verdict::passed_on) << line;
}

TEST_F(EndpointJudge, answers_exactly_its_path) {
    for (const auto* target :
         {"/", "/0123456789abcdef0123456789abcdee", "/0123456789abcdef0123456789abcdef/", "*",
          "/0123456789abcdef0123456789abcdef?x=1",
          "http://127.0.0.1:4711/0123456789abcdef0123456789abcdef"})
        EXPECT_EQ(verdict(request(std::string("GET ") + target + " HTTP/1.1")), Verdict::wrong_path)
            << target;
}

TEST_F(EndpointJudge, answers_get_alone) {
    for (const auto* method : {"POST", "HEAD", "PUT", "OPTIONS", "DELETE", "TRACE", "UNHEARD"})
        EXPECT_EQ(verdict(request(std::string(method) + " " + path + " HTTP/1.1")),
                  Verdict::wrong_method)
            << method;
}

TEST_F(EndpointJudge, wants_its_own_token_and_that_alone) {
    EXPECT_EQ(verdict(without("Authorization:")), Verdict::no_token);
    for (const auto& other : {std::string("a-token-that-another-endpoint-has!!"),
                              std::string(token) + "x", std::string(token).substr(1)})
        EXPECT_EQ(verdict(request(), other), Verdict::wrong_token) << other;
}

TEST_F(EndpointJudge, takes_no_header_twice_where_one_counts) {
    EXPECT_EQ(verdict(request({}, std::string("Authorization: ") + token + "\r\n")),
              Verdict::malformed);
    EXPECT_EQ(verdict(request({}, "Host: evil.example\r\n")), Verdict::malformed);
}

TEST_F(EndpointJudge, takes_no_body) {
    EXPECT_EQ(verdict(request({}, "Content-Length: 1\r\n") + "x"), Verdict::malformed);
    EXPECT_EQ(verdict(request({}, "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n"),
              Verdict::malformed);
    EXPECT_EQ(verdict(request({}, "Content-Length: 0\r\n")), Verdict::granted);
}

TEST_F(EndpointJudge, reads_8_kib_and_no_more) {
    const std::string header = "X: ";
    const auto filler = longest_question - request().size() - header.size() - 2;
    EXPECT_EQ(verdict(request({}, header + std::string(filler, 'x') + "\r\n")), Verdict::granted);
    EXPECT_EQ(verdict(request({}, header + std::string(filler + 1, 'x') + "\r\n")),
              Verdict::too_long);
    EXPECT_EQ(verdict(std::string(longest_question - 1, 'x')), Verdict::unfinished);
    EXPECT_EQ(verdict(std::string(longest_question, 'x')), Verdict::too_long);
}

TEST_F(EndpointJudge, refuses_what_is_no_http) {
    for (const auto* bytes :
         {"\r\n\r\n", "hello\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/3\r\n\r\n",
          "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET / HTTP/1.1\r\nHost : 127.0.0.1:4711\r\n\r\n"})
        EXPECT_EQ(verdict(bytes), Verdict::malformed) << bytes;
}

}  // namespace
}  // namespace hearth::agent
