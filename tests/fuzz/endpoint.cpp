// Bytes that a program sends to an endpoint: to the one that it gets AWS keys from, and to the one
// that it takes for Google's metadata server.
#include "agent/endpoint_container.hpp"
#include "agent/endpoint_judge.hpp"
#include "agent/endpoint_metadata.hpp"
#include "fuzz/target.hpp"

namespace hearth::fuzz {
namespace {

constexpr std::uint16_t port = 8123;

// A refusal is none that a program could take for a credential.
void require_refusal(const agent::EndpointFace& face, agent::Verdict verdict) {
    const auto reply = face.refusal(verdict);
    require(!reply.reveal().starts_with("HTTP/1.1 200") && !reply.reveal().contains(planted));
}

void try_container(std::string_view request, const agent::Question& question) {
    static const agent::ContainerFace face("/keys", Secret(planted));
    const auto verdict = face.judge(question);
    if (verdict != agent::Verdict::granted) return require_refusal(face, verdict);
    require(request.starts_with("GET /keys HTTP/1.") && request.contains(planted));
}

void try_metadata(std::string_view request, const agent::Question& question) {
    static const agent::MetadataFace face([] {
        return agent::MetadataFacts{.project = "p",
                                    .email = "robot@example.com",
                                    .scopes = {"s"},
                                    .universe_domain = {},
                                    .id_token_audience = {}};
    });
    const auto verdict = face.judge(question);
    if (verdict != agent::Verdict::granted) return require_refusal(face, verdict);
    require(request.starts_with("GET "));
    const auto fixed = face.fixed_reply(question);
    // What takes the credential is asked for by who means it.
    if (!fixed) require(question.flavored);
    if (fixed) require(fixed->reveal().contains("\r\nMetadata-Flavor: Google\r\n"));
}

}  // namespace

void try_input(std::string_view input) {
    const auto judgement = agent::judge(input, port);
    if (judgement.verdict == agent::Verdict::unfinished) {
        require(input.size() < agent::longest_question);
        return;
    }
    // What has been judged stays so, whatever follows it.
    const std::string more = std::string(input) + "GET / HTTP/1.1\r\n\r\n";
    require(agent::judge(more, port).verdict == judgement.verdict);
    if (judgement.verdict != agent::Verdict::granted) {
        static const agent::ContainerFace face("/keys", Secret(planted));
        return require_refusal(face, judgement.verdict);
    }
    require(judgement.size <= input.size() && judgement.size <= agent::longest_question);
    const auto request = input.substr(0, judgement.size);
    require(request.ends_with("\r\n\r\n") && request.contains(":8123"));
    try_container(request, judgement.question);
    try_metadata(request, judgement.question);
}

}  // namespace hearth::fuzz
