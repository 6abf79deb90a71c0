import 'graphiql/setup-workers/vite';
import { GraphiQL, type GraphiQLProps } from 'graphiql';
import 'graphiql/style.css';
import { type ExecutionResult } from 'graphql';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';
import { developmentToken, hasDevelopmentIssuer, userName } from '../demo/identity';
import './graphiql.css';

const FIRST_QUERY = `# Who is connected? Press Ctrl+Enter.
{
  zoomConnection {
    userId
    status
    reason
    nextAction
    zoomEmail
    accessTokenExpiresAt
  }
}
`;

const fetcher: GraphiQLProps['fetcher'] = async (operation, options) => {
  const response = await fetch('/graphql', {
    method: 'POST',
    credentials: 'include',
    headers: { 'content-type': 'application/json', ...(options?.headers as Record<string, string>) },
    body: JSON.stringify(operation),
  });
  return (await response.json()) as ExecutionResult;
};

async function main(): Promise<void> {
  const authorization = hasDevelopmentIssuer()
    ? `Bearer ${await developmentToken(userName())}`
    : 'Bearer <a token of your platform>';
  const headers = JSON.stringify({ authorization }, undefined, 2);
  const container = document.getElementById('graphiql');
  if (!container) throw new Error('The page has no element with the id graphiql.');
  createRoot(container).render(
    createElement(GraphiQL, {
      fetcher,
      defaultQuery: FIRST_QUERY,
      initialHeaders: headers,
      defaultHeaders: headers,
      defaultEditorToolsVisibility: 'headers',
    }),
  );
}

void main();
