#include "system/curl_http.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "unit/system/scripted_server.hpp"
#include "unit/system/signal.hpp"

namespace hearth::system {
namespace {

using namespace std::chrono_literals;
using Stage = HttpFailure::Stage;
using testing::AnsweringServer;
using testing::ScriptedServer;
using testing::Signal;

const std::string plain_answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

HttpRequest get(const std::string& url) {
    HttpRequest request;
    request.url = url;
    request.timeout = 20s;
    return request;
}

HttpRequest post(const std::string& url, std::string_view body) {
    auto request = get(url);
    request.method = "POST";
    request.body = Secret(body);
    return request;
}

auto send(HttpRequest request) { return CurlHttp().send(std::move(request), {}); }

HttpFailure failure_of(HttpRequest request) {
    auto response = send(std::move(request));
    EXPECT_FALSE(response);
    return response ? HttpFailure{} : response.error();
}

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

TEST(CurlHttp, gives_status_headers_and_body) {
    AnsweringServer server(std::string(
        "HTTP/1.1 201 Made\r\nX-One:  a b \r\nx-two:\r\nContent-Length: 4\r\n\r\nn\0ne", 66));
    const auto response = send(get(server.url()));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 201);
    EXPECT_EQ(response->header("x-one"), "a b");
    EXPECT_EQ(response->header("X-TWO"), "");
    EXPECT_EQ(response->body.reveal(), std::string_view("n\0ne", 4));
}

TEST(CurlHttp, sends_what_it_was_given_and_nothing_more) {
    AnsweringServer server(plain_answer);
    auto request = get(server.url("/a/../b?x=%20&y"));
    request.headers = {{"Authorization", "Bearer t"}, {"X-Empty", ""}};
    ASSERT_TRUE(send(std::move(request)));
    const auto sent = server.requests().at(0);
    const auto host = server.url("").substr(7);
    EXPECT_EQ(sent, "GET /a/../b?x=%20&y HTTP/1.1\r\nHost: " + host +
                        "\r\nUser-Agent: hearth/0.1.0\r\nAccept: */*\r\nAuthorization: Bearer "
                        "t\r\nX-Empty:\r\n\r\n");
}

TEST(CurlHttp, sends_a_body_with_its_length_and_without_a_type_of_its_own) {
    AnsweringServer server(plain_answer);
    ASSERT_TRUE(send(post(server.url(), std::string_view("a\0b", 3))));
    const auto sent = server.requests().at(0);
    EXPECT_TRUE(sent.starts_with("POST / HTTP/1.1\r\n"));
    EXPECT_TRUE(has(sent, "Content-Length: 3\r\n"));
    EXPECT_FALSE(has(sent, "Content-Type"));
    EXPECT_TRUE(sent.ends_with(std::string("\r\n\r\na\0b", 7)));
}

TEST(CurlHttp, sends_the_type_that_it_was_given) {
    AnsweringServer server(plain_answer);
    auto request = post(server.url(), "{}");
    request.headers = {{"content-type", "application/json"}};
    ASSERT_TRUE(send(std::move(request)));
    EXPECT_TRUE(has(server.requests().at(0), "\r\ncontent-type: application/json\r\n"));
}

TEST(CurlHttp, sends_a_length_of_zero_with_an_empty_post) {
    AnsweringServer server(plain_answer);
    ASSERT_TRUE(send(post(server.url(), "")));
    EXPECT_TRUE(has(server.requests().at(0), "Content-Length: 0\r\n"));
}

TEST(CurlHttp, knows_other_methods) {
    for (const std::string method : {"PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"}) {
        AnsweringServer server(method == "HEAD" ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n"
                                                : plain_answer);
        auto request = get(server.url());
        request.method = method;
        EXPECT_TRUE(send(std::move(request))) << method;
        EXPECT_TRUE(server.requests().at(0).starts_with(method + " / HTTP/1.1\r\n"));
    }
}

TEST(CurlHttp, sends_a_megabyte_without_asking_first) {
    AnsweringServer server(plain_answer);
    ASSERT_TRUE(send(post(server.url(), std::string(2'000'000, 'x'))));
    const auto sent = server.requests().at(0);
    EXPECT_GT(sent.size(), 2'000'000U);
    EXPECT_FALSE(has(sent.substr(0, 1000), "Expect"));
}

TEST(CurlHttp, uses_a_new_connection_each_time) {
    int connections = 0;
    {
        ScriptedServer server([&](int connection) {
            ++connections;
            while (!ScriptedServer::read_request(connection).empty()) {
                ScriptedServer::write(
                    connection,
                    "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n");
            }
        });
        CurlHttp http;
        for (int i = 0; i < 3; ++i) EXPECT_TRUE(http.send(get(server.url()), {}));
    }
    EXPECT_EQ(connections, 3);
}

TEST(CurlHttp, follows_no_redirect) {
    AnsweringServer target(plain_answer);
    AnsweringServer server("HTTP/1.1 302 Found\r\nLocation: " + target.url() +
                           "\r\nContent-Length: 0\r\n\r\n");
    const auto response = send(get(server.url()));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 302);
    EXPECT_EQ(response->header("location"), target.url());
    EXPECT_TRUE(target.requests().empty());
}

TEST(CurlHttp, takes_no_notice_of_interim_answers) {
    AnsweringServer server("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + plain_answer);
    const auto response = send(get(server.url()));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(response->header("link"), "");
}

TEST(CurlHttp, reads_an_answer_in_chunks) {
    AnsweringServer server(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
    const auto response = send(get(server.url()));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body.reveal(), "abcde");
}

TEST(CurlHttp, goes_to_loopback_without_the_environments_proxy) {
    const auto proxy = "http://127.0.0.1:" + std::to_string(testing::silent_port());
    ::setenv("http_proxy", proxy.c_str(), 1);
    ::setenv("ALL_PROXY", proxy.c_str(), 1);
    AnsweringServer server(plain_answer);
    EXPECT_TRUE(send(get(server.url())));
    ::unsetenv("http_proxy");
    ::unsetenv("ALL_PROXY");
}

TEST(CurlHttp, goes_elsewhere_by_the_environments_proxy_which_sees_no_request) {
    AnsweringServer proxy(
        "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    ::setenv("https_proxy", proxy.url("").c_str(), 1);
    auto request = get("https://issuer.invalid/token");
    request.headers = {{"Authorization", "Bearer planted"}};
    const auto failure = failure_of(std::move(request));
    ::unsetenv("https_proxy");
    EXPECT_EQ(failure.stage, Stage::not_sent);
    ASSERT_EQ(proxy.requests().size(), 1U);
    EXPECT_TRUE(proxy.requests()[0].starts_with("CONNECT issuer.invalid:443 HTTP/1.1\r\n"));
    EXPECT_FALSE(has(proxy.requests()[0], "planted"));
}

TEST(CurlHttpFailure, where_nobody_listens_is_not_sent) {
    const auto origin = "http://127.0.0.1:" + std::to_string(testing::silent_port());
    const auto failure = failure_of(post(origin + "/token?secret=1", "body"));
    EXPECT_EQ(failure.stage, Stage::not_sent);
    EXPECT_EQ(failure.error.remedy, Remedy::unreachable);
    EXPECT_EQ(failure.error.what, origin + ": nothing accepts a connection there");
}

TEST(CurlHttpFailure, of_plain_http_beyond_this_machine_comes_before_anything_is_sent) {
    const auto failure = failure_of(get("http://192.0.2.1/"));
    EXPECT_EQ(failure.stage, Stage::not_sent);
    EXPECT_EQ(failure.error.remedy, Remedy::refused);
}

TEST(CurlHttpFailure, of_a_request_that_breaks_out_of_its_line_comes_before_anything_is_sent) {
    AnsweringServer server(plain_answer);
    auto header = get(server.url());
    header.headers = {{"X-One", "a\r\nX-Two: planted"}};
    auto name = get(server.url());
    name.headers = {{"X-One\nX-Two", "a"}};
    auto method = get(server.url());
    method.method = "GET / HTTP/1.1\r\nX: y";
    auto url = get(server.url("/\r\nX-Two: b"));
    for (auto* request : {&header, &name, &method, &url}) {
        const auto failure = failure_of(std::move(*request));
        EXPECT_EQ(failure.stage, Stage::not_sent);
        EXPECT_EQ(failure.error.remedy, Remedy::usage);
        EXPECT_FALSE(has(failure.error.what, "planted"));
    }
    EXPECT_TRUE(server.requests().empty());
}

TEST(CurlHttpFailure, when_the_server_hangs_up_after_it_read_the_request_is_no_answer) {
    ScriptedServer server([](int connection) { ScriptedServer::read_request(connection); });
    const auto failure = failure_of(post(server.url(), "planted"));
    EXPECT_EQ(failure.stage, Stage::no_answer);
    EXPECT_EQ(failure.error.remedy, Remedy::unreachable);
    EXPECT_FALSE(has(failure.error.what, "planted"));
}

// The request left us; nobody can know what became of it.
TEST(CurlHttpFailure, when_the_server_hangs_up_before_it_read_the_request_is_no_answer) {
    ScriptedServer server([](int connection) {
        pollfd arrived{.fd = connection, .events = POLLIN, .revents = 0};
        EXPECT_EQ(::poll(&arrived, 1, 10'000), 1);
        const linger abort{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(connection, SOL_SOCKET, SO_LINGER, &abort, sizeof abort);
    });
    EXPECT_EQ(failure_of(post(server.url(), "x")).stage, Stage::no_answer);
}

TEST(CurlHttpFailure, when_the_answer_is_cut_short_is_no_answer) {
    for (const std::string answer :
         {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "HTTP/1.1 200 OK\r\nContent-Len",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "SSH-2.0-x\r\n"}) {
        AnsweringServer server(answer);
        EXPECT_EQ(failure_of(get(server.url())).stage, Stage::no_answer) << answer;
    }
}

TEST(CurlHttpFailure, when_the_answer_has_more_than_a_megabyte_is_no_answer) {
    const std::string most(1024UL * 1024, 'x');
    AnsweringServer server("HTTP/1.1 200 OK\r\n\r\n" + most);
    const auto response = send(get(server.url()));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->body.size(), most.size());
    AnsweringServer longer("HTTP/1.1 200 OK\r\n\r\n" + most + "y");
    const auto failure = failure_of(get(longer.url()));
    EXPECT_EQ(failure.stage, Stage::no_answer);
    EXPECT_TRUE(has(failure.error.what, "more than 1 MiB"));
}

TEST(CurlHttpFailure, when_the_headers_go_on_for_ever_is_no_answer) {
    std::string answer = "HTTP/1.1 200 OK\r\n";
    for (int i = 0; i < 80; ++i) answer += "X-Long: " + std::string(1000, 'x') + "\r\n";
    AnsweringServer server(answer + "\r\n");
    const auto failure = failure_of(get(server.url()));
    EXPECT_EQ(failure.stage, Stage::no_answer);
    EXPECT_TRUE(has(failure.error.what, "64 KiB of headers"));
}

// Reads the request, tells the test, and holds the connection until the test has ended.
class SilentServer : public ::testing::Test {
  protected:
    Signal read;
    Signal release;
    ScriptedServer server{[this](int connection) {
        ScriptedServer::read_request(connection);
        read.raise();
        EXPECT_TRUE(release.wait());
    }};
};

TEST_F(SilentServer, is_given_up_at_the_time_limit) {
    auto request = get(server.url());
    request.timeout = 50ms;
    const auto failure = failure_of(std::move(request));
    release.raise();
    EXPECT_EQ(failure.stage, Stage::no_answer);
    EXPECT_EQ(failure.error.remedy, Remedy::unreachable);
    EXPECT_TRUE(has(failure.error.what, "no answer within"));
}

TEST_F(SilentServer, is_left_at_once_when_the_caller_stops) {
    std::chrono::steady_clock::time_point stopped;
    std::stop_source stop;
    std::jthread stopper([&] {
        EXPECT_TRUE(read.wait());
        stopped = std::chrono::steady_clock::now();
        stop.request_stop();
    });
    const auto response = CurlHttp().send(get(server.url()), stop.get_token());
    const auto ended = std::chrono::steady_clock::now();
    stopper.join();
    release.raise();
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().stage, Stage::no_answer);
    // Generous for a busy machine, and still far below libcurl's own step of a second.
    EXPECT_LT(ended - stopped, 500ms);
}

// They are asked by plain http because there is no other way; nothing is sent here.
TEST(CurlHttpFailure, of_a_clouds_own_service_is_none_of_plain_http) {
    std::stop_source stopped;
    stopped.request_stop();
    for (const auto* const url :
         {"http://169.254.169.254/latest/api/token", "http://metadata.google.internal/",
          "http://169.254.170.2/v2/credentials", "http://[fd00:ec2::254]/"}) {
        const auto response = CurlHttp().send(get(url), stopped.get_token());
        ASSERT_FALSE(response) << url;
        EXPECT_NE(response.error().error.remedy, Remedy::refused) << url;
    }
}

TEST(CurlHttpFailure, when_the_caller_has_stopped_already_is_not_sent) {
    AnsweringServer server(plain_answer);
    std::stop_source stop;
    stop.request_stop();
    const auto response = CurlHttp().send(get(server.url()), stop.get_token());
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().stage, Stage::not_sent);
    EXPECT_TRUE(server.requests().empty());
}

TEST(CurlHttp, serves_many_threads_at_once) {
    AnsweringServer server(plain_answer);
    CurlHttp http;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 8; ++i) {
            threads.emplace_back([&] {
                for (int j = 0; j < 10; ++j) EXPECT_TRUE(http.send(get(server.url()), {}));
            });
        }
    }
    EXPECT_EQ(server.requests().size(), 80U);
}

}  // namespace
}  // namespace hearth::system
