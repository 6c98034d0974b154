"""Asks a door as an application in Python does, with OpenAI's own client, and prints what it was answered as JSON.

Read from standard input: host, port, authority, certificate and key (files), token, model.
"""

import asyncio
import json
import socket
import ssl
import sys

import openai

told = json.load(sys.stdin)
look_up = socket.getaddrinfo
# The door's name leads to this machine, as curl's --resolve has it.
socket.getaddrinfo = lambda name, *more, **also: look_up(
    "127.0.0.1" if name in (told["host"], told["host"].encode()) else name, *more, **also
)


def trusted(with_certificate=True):
    context = ssl.create_default_context(cafile=told["authority"])
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    if with_certificate:
        context.load_cert_chain(told["certificate"], told["key"])
    return context


def settings(token=told["token"]):
    return {"base_url": f"https://{told['host']}:{told['port']}/v1", "api_key": token, "max_retries": 0}


def client(token=told["token"], with_certificate=True):
    http = openai.DefaultHttpxClient(verify=trusted(with_certificate))
    return openai.OpenAI(**settings(token), http_client=http)


def say(content):
    return {"model": told["model"], "messages": [{"role": "user", "content": content}], "max_tokens": 64}


def refused(ask):
    try:
        ask()
        return "not refused"
    except openai.APIStatusError as error:
        return [type(error).__name__, error.status_code, error.code]
    except openai.OpenAIError as error:
        return [type(error).__name__, str(error)]


def text_of(pieces):
    return "".join(piece.choices[0].delta.content or "" for piece in pieces if piece.choices)


async def streamed_beside():
    http = openai.DefaultAsyncHttpxClient(verify=trusted())
    async with openai.AsyncOpenAI(**settings(), http_client=http) as asking:

        async def one(number):
            pieces = await asking.chat.completions.create(**say(f"say: number {number} speaks"), stream=True)
            return text_of([piece async for piece in pieces])

        return await asyncio.gather(*(one(number) for number in range(4)))


ask = client().chat.completions.create
options = {"stream": True, "stream_options": {"include_usage": True}}
counted = list(ask(**say("say: Write to ada@example.com, please."), **options))
print(
    json.dumps(
        {
            "version": openai.__version__,
            "whole": ask(**say("say: Pay 4111 1111 1111 1111 now.")).choices[0].message.content,
            "stream": text_of(counted),
            "tokens": counted[-1].usage.completion_tokens,
            "beside": asyncio.run(streamed_beside()),
            "models": [model.id for model in client().models.list()],
            "embedding": len(client().embeddings.create(model=told["model"], input="hello").data[0].embedding),
            "blocked": refused(lambda: ask(**say("my key is AKIAIOSFODNN7EXAMPLE"))),
            "unknown field": refused(lambda: ask(**say("hi"), logprobs=True)),
            "no token": refused(lambda: client(token="none").chat.completions.create(**say("hi"))),
            "no certificate": refused(lambda: client(with_certificate=False).models.list())[0],
            "broken stream": refused(lambda: text_of(ask(**say("cut-after: 3"), stream=True))),
        }
    )
)
