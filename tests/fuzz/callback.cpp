// Bytes that arrive at the loopback address a browser comes back to: through the real connection,
// over a socket pair, to the judge and back.
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>

#include "fuzz/target.hpp"
#include "oauth/callback_judge.hpp"
#include "system/beast_connection.hpp"

namespace hearth::fuzz {
namespace {

const oauth::CallbackExpectation& expected() {
    static const oauth::CallbackExpectation expectation{
        .path = "/callback",
        .port = 8123,
        .response = {.state = std::string(planted), .issuer = "https://issuer.example"}};
    return expectation;
}

// What the verdict's outcome is allowed to be, given what was asked.
void require_fair(const oauth::CallbackRequest& request, const oauth::CallbackVerdict& verdict) {
    for (const auto& header : verdict.reply.headers) {
        require(!header.name.empty() && !has_control_character(header.name + header.value));
        // Nothing of what came in goes back out to the browser's history.
        require(!header.value.contains(planted));
    }
    require(!verdict.reply.body.contains(planted));
    if (!verdict.outcome) return;
    require(request.method == "GET" && request.target.starts_with("/callback"));
    require(request.target.contains(planted) || request.target.contains('%'));
    if (*verdict.outcome) {
        require(!(*verdict.outcome)->empty());
    } else {
        require_sound(verdict.outcome->error());
    }
}

std::string read_all(int socket) {
    std::string all;
    std::array<char, 4096> piece{};
    for (ssize_t size = 0; (size = ::recv(socket, piece.data(), piece.size(), MSG_DONTWAIT)) > 0;) {
        all.append(piece.data(), static_cast<std::size_t>(size));
    }
    return all;
}

// What the connection answers to these bytes; empty where there is nobody to tell.
std::string answer_to(std::string_view bytes, const system::BeastConnection::Handle& handle) {
    std::array<int, 2> ends{};
    require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) == 0);
    boost::asio::io_context loop;
    {
        boost::asio::ip::tcp::socket socket(loop);
        socket.assign(boost::asio::ip::tcp::v4(), ends[0]);
        std::make_shared<system::BeastConnection>(std::move(socket), handle, [] {})->start();
    }
    require(::send(ends[1], bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(bytes.size()));
    (void)::shutdown(ends[1], SHUT_WR);
    loop.run();
    auto answer = read_all(ends[1]);
    (void)::close(ends[1]);
    return answer;
}

}  // namespace

void try_input(std::string_view input) {
    using Stage = oauth::Progress::Stage;
    const system::BeastConnection::Handle handle = [](const oauth::CallbackRequest& request) {
        for (const auto stage : {Stage::received, Stage::worked, Stage::failed}) {
            const auto later = oauth::judge(expected(), {.stage = stage, .text = "<why>"}, request);
            require(!later.outcome);
            require_fair(request, later);
        }
        auto verdict = oauth::judge(expected(), {}, request);
        require_fair(request, verdict);
        return verdict.reply;
    };
    const auto answer = answer_to(input, handle);
    require(answer.empty() || answer.starts_with("HTTP/1.1 "));
    require(!answer.contains(planted));
}

}  // namespace hearth::fuzz
